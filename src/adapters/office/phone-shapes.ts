import { Type } from 'typebox';
import { leniencies } from '../../domain/leniency.js';
import { notices, ringbacks } from '../../domain/tenant-media.js';
import { remoteTargets } from '../../domain/watcher-profile.js';
import { UserAgent } from './text-shapes.js';

/** How phones are shown what they watch, by a part of their User-Agent. */
export const WatchersShape = Type.Array(
  Type.Object(
    {
      userAgent: UserAgent,
      oneDialog: Type.Optional(Type.Boolean()),
      idleDialog: Type.Optional(Type.Boolean()),
      callerConfirmed: Type.Optional(Type.Boolean()),
      remoteTarget: Type.Optional(Type.Enum([...remoteTargets])),
    },
    { additionalProperties: false },
  ),
  { maxItems: 50 },
);

/** What else than RFC 3891 says may name a dialog to be replaced. */
export const ReplacesShape = Type.Array(Type.Enum([...leniencies]), { uniqueItems: true });

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
