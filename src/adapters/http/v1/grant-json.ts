import { Type } from 'typebox';

/** A yes of the policy: which model said it, and by which of its rules. */
export const GrantJson = Type.Object({
  model: Type.String({ description: 'pickup-group, call-control, group, phone-calls or own' }),
  rule: Type.String({ description: "in the model's own words: pickup_all, pickup_share_groups, user" }),
  group: Type.Optional(Type.String()),
});
