import { Type } from 'typebox';
import { callControlLimits } from '../../../domain/call-control.js';
import type { CallControlDocument } from '../../../domain/tenant-document.js';
import { extensionText, line } from '../schema.js';

/** UIS names no length of a group's name. */
const longestName = 80;

const groupNames = Type.Array(line(longestName, 1), { maxItems: callControlLimits.groups });

const groups = Type.Record(Type.String(), Type.Array(extensionText, { maxItems: callControlLimits.numbers }), {
  maxProperties: callControlLimits.groups,
  propertyNames: line(longestName, 1),
  description: 'group names and the numbers in each; a number need not exist',
});

const named = {
  allow_all: Type.Optional(Type.Boolean({ default: false, description: 'everybody may do everything to everybody' })),
  pickup_all: Type.Optional(Type.Boolean({ default: true, description: 'pickup by number in the whole company' })),
  groups: Type.Optional(groups),
  pickup_share_groups: Type.Optional(groupNames),
  phone_replace_groups: Type.Optional(groupNames),
};

/** Three lists for each extension that a company may have. */
const mostFields = 30_000 + Object.keys(named).length;

/** The call control document in the seed's spelling; `barge_{ext}` is ours. */
export const documentSchema = Type.Object(named, {
  patternProperties: { '^(eavesdrop|whisper|barge)_[A-Za-z0-9._+-]{1,64}$': groupNames },
  additionalProperties: false,
  maxProperties: mostFields,
  description: 'The rules of who may take, hear and replace whom. {ext} stands for an extension.',
});

/** What a body is: the document in its wrapping, as JSON text or as it is, or bare. */
export const bodySchema = Type.Object(
  {
    call_control_groups: Type.Optional(
      Type.Union([documentSchema, Type.String({ contentMediaType: 'application/json' })]),
    ),
  },
  {
    additionalProperties: true,
    description: 'The document as JSON text in call_control_groups, as an object in it, or by itself.',
  },
);

/** The document as it is shown: defaults filled in, the lists of extensions in the order in which they were written. */
export const shownDocument = (document: CallControlDocument | undefined): CallControlDocument => {
  const {
    allow_all = false,
    pickup_all = true,
    groups: own = {},
    pickup_share_groups = [],
    phone_replace_groups = [],
    ...perExtension
  } = document ?? {};
  return { allow_all, pickup_all, groups: own, pickup_share_groups, phone_replace_groups, ...perExtension };
};
