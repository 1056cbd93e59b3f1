import { Type } from 'typebox';
import { callControlLimits } from '../../domain/call-control.js';
import type { CallControlDocument } from '../../domain/tenant-document.js';
import { Name, NumberText } from './text-shapes.js';

const GroupNames = Type.Array(Name, { maxItems: callControlLimits.groups });

const named = {
  allow_all: Type.Optional(Type.Boolean()),
  pickup_all: Type.Optional(Type.Boolean()),
  groups: Type.Optional(
    Type.Record(Type.String(), Type.Array(NumberText, { maxItems: callControlLimits.numbers }), {
      maxProperties: callControlLimits.groups,
    }),
  ),
  pickup_share_groups: Type.Optional(GroupNames),
  phone_replace_groups: Type.Optional(GroupNames),
};

/** UIS's document, in its own spelling, with a list for each extension that may do something. */
export const CallControlShape = Type.Unsafe<CallControlDocument>(
  Type.Object(named, {
    patternProperties: { '^(eavesdrop|whisper|barge)_[A-Za-z0-9._+-]{1,64}$': GroupNames },
    additionalProperties: false,
    // Three lists for each of the extensions that a company may have.
    maxProperties: 30_000 + Object.keys(named).length,
  }),
);
