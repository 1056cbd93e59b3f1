import { Type } from 'typebox';
import { leniencies } from '../../domain/leniency.js';
import { notices, ringbacks } from '../../domain/tenant-media.js';
import { webhookEvents } from '../../domain/tenant-webhook.js';
import { remoteTargets } from '../../domain/watcher-profile.js';
import { UserAgent, WebhookSecret, WebhookUrl } from './text-shapes.js';

/** How phones are shown what they watch, by a part of their User-Agent. */
export const WatchersShape = Type.Array(
  Type.Object(
    {
      userAgent: UserAgent,
      oneDialog: Type.Optional(Type.Boolean()),
      idleDialog: Type.Optional(Type.Boolean()),
      callerConfirmed: Type.Optional(Type.Boolean()),
      dndConfirmed: Type.Optional(Type.Boolean()),
      remoteTarget: Type.Optional(Type.Enum([...remoteTargets])),
    },
    { additionalProperties: false },
  ),
  { maxItems: 50 },
);

/** What else than RFC 3891 says may name a dialog to be replaced. */
export const ReplacesShape = Type.Array(Type.Enum([...leniencies]), { uniqueItems: true });

/** Which texts the service writes to phones by itself. */
export const MessagesShape = Type.Object({ pickedUp: Type.Optional(Type.Boolean()) }, { additionalProperties: false });

/** Where events of calls are posted to. */
export const WebhookShape = Type.Object(
  {
    url: WebhookUrl,
    secret: Type.Optional(WebhookSecret),
    events: Type.Optional(Type.Array(Type.Enum([...webhookEvents]), { uniqueItems: true })),
  },
  { additionalProperties: false },
);

/** What the media server is used for beyond what calls need. */
export const MediaShape = Type.Object(
  {
    notice: Type.Optional(Type.Enum([...notices])),
    ringback: Type.Optional(Type.Enum([...ringbacks])),
    prompts: Type.Optional(Type.Boolean()),
    announce: Type.Optional(Type.Boolean()),
    previewSeconds: Type.Optional(Type.Integer({ minimum: 1, maximum: 60 })),
  },
  { additionalProperties: false },
);
