import { type Static, Type } from 'typebox';
import type { CallId, Extension } from '../../../domain/names.js';
import type { Tenant } from '../../../domain/office.js';
import type { Refusal } from '../../../domain/outcome.js';
import { type PickupTarget, reachOf } from '../../../domain/policy.js';
import { bestFirst } from '../../../domain/selection.js';
import type { TokenGrant } from '../../../domain/token.js';
import type { KnownCall } from '../../../flows/call-directory.js';
import type { Api } from '../api.js';
import { badField, thrown } from '../problem.js';
import { closed } from '../schema.js';
import { CallerId } from './caller-id.js';
import { ringingOf } from './candidates.js';
import { CallIdForm, ExtensionForm, GroupForm } from './forms.js';
import { groupNamed } from './group-named.js';
import { maySeeOrPick, viewerOf } from './sight.js';

/** What a pickup may say of itself: which call, by one of three names or none, and who is to have it. */
export const PickupBody = closed({
  call: Type.Optional(CallIdForm),
  target: Type.Optional(ExtensionForm),
  group: Type.Optional(GroupForm),
  sendTo: Type.Optional(ExtensionForm),
  callerId: Type.Optional(CallerId),
  waitSeconds: Type.Optional(Type.Integer({ minimum: 1, maximum: 3600, default: 25 })),
});

/** The calls that would do, best first, or why there are none. */
export type Choice = { ok: true; calls: readonly KnownCall[] } | { ok: false; refusal: Refusal };

/** Who asks, and who is to have the call. */
export interface Asker {
  readonly tenant: Tenant;
  readonly token: TokenGrant;
  readonly picker: Extension;
}

const no = (refusal: Refusal): Choice => ({ ok: false, refusal });

/** Finds the calls that a pickup may mean; the best that rings, as the company chooses, where no call is named. */
export const chooseCalls = async (
  api: Pick<Api, 'calls'>,
  asker: Asker,
  body: Static<typeof PickupBody>,
): Promise<Choice> => {
  const { tenant, token, picker } = asker;
  if (body.call !== undefined) {
    const call = await api.calls.find(tenant.id, body.call as CallId);
    return call && maySeeOrPick(viewerOf(tenant, token), call) ? { ok: true, calls: [call] } : no('no-call');
  }
  const target = targetOf(tenant, body);
  if (!target) return no('unknown-group');
  const reach = reachOf(tenant, picker, target);
  if (!reach.ok) return reach;
  const calls = bestFirst(ringingOf(await api.calls.list(tenant.id)), reach);
  const free = calls.filter((call) => call.caller !== picker && (!call.isPrivate || call.target === picker));
  if (free.length > 0) return { ok: true, calls: free };
  return no(calls.some(({ caller }) => caller === picker) ? 'own-call' : (reach.otherwise ?? 'no-call'));
};

const targetOf = (tenant: Tenant, { target, group }: Static<typeof PickupBody>): PickupTarget | undefined => {
  if (target !== undefined) return { by: 'number', extension: target as Extension };
  if (group === undefined) return { by: 'group' };
  const id = groupNamed(tenant, group);
  return id && { by: 'group', group: id };
};

/** Throws if a pickup names its call in more than one way. */
export const demandOneName = ({ call, target, group }: Static<typeof PickupBody>): void => {
  const names = Object.entries({ call, target, group }).filter(([, value]) => value !== undefined);
  const [[first] = [], [second] = []] = names;
  if (second) throw thrown(badField(second, `cannot stand beside ${first}: one of call, target and group is enough`));
};
