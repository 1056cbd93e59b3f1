import type { GroupId } from '../../src/domain/group.js';
import type { Extension } from '../../src/domain/names.js';
import { type Decision, decide } from '../../src/domain/policy.js';
import { acts, type Target } from '../../src/domain/rules/rule.js';
import { groupIds, numbers } from './one-policy-companies.js';
import type { OpenCompany } from './one-policy-open.js';
import { type Attempt, type PickupPath, pathsOf } from './one-policy-paths.js';
import type { Call, Leg, Phone } from './phone.js';
import { audioIn } from './phone-sdp.js';
import type { Chance } from './race-chance.js';
import type { RunningService } from './service.js';

/** What was compared, and what was not the same. */
export interface Comparison {
  /** How often each path said each thing. */
  readonly counts: Map<string, number>;
  readonly mismatches: string[];
}

/** One company, compared path by path. */
export interface Comparing extends Comparison {
  readonly service: RunningService;
  readonly company: OpenCompany;
  readonly chance: Chance;
}

interface Ringing {
  readonly call: Call;
  readonly leg: Leg;
  readonly id: string;
  readonly replaces: string;
}

const extensions = numbers as unknown as readonly Extension[];

/** Calls of granted attempts, at most so many for one target: each costs a call. */
const mostGranted = 12;

const same = (
  { counts, mismatches }: Comparison,
  path: string,
  { is, must, where }: Record<'is' | 'must' | 'where', string>,
) => {
  const what = `${path}: ${must.replace(/^granted by .*/, 'granted')}`;
  counts.set(what, (counts.get(what) ?? 0) + 1);
  if (is !== must) mismatches.push(`${where} ${path}: the policy says ${must}, what happened is ${is}`);
};

const phoneOf = ({ phones }: OpenCompany, number: Extension): Phone => {
  const phone = phones.get(number);
  if (!phone) throw new Error(`${number} has no phone`);
  return phone;
};

/** Somebody outside calls; the only call of the company. */
const ring = async ({ service, company }: Comparing, target: Extension, isPrivate: boolean): Promise<Ringing> => {
  const headers = isPrivate ? { 'X-Callpickup-Private': 'yes' } : {};
  const call = company.caller.calls(target, { headers });
  const leg = await phoneOf(company, target).isCalled();
  leg.rings();
  await call.rings();
  const prefix = `cp:{${company.tenant.id}}:`;
  const [id = ''] = await service.redis.zrange(`${prefix}ringing:${target}`, '0', '0');
  return { call, leg, id, replaces: `${leg.callId};to-tag=${leg.request.fromTag};from-tag=${leg.localTag}` };
};

const said = (decision: Decision): string =>
  decision.ok ? `granted by ${JSON.stringify(decision.grant, Object.keys(decision.grant).sort())}` : decision.refusal;

/** `/v1/explain` says of every act what the policy says. */
export const compareExplanations = async (comparing: Comparing): Promise<void> => {
  const { company } = comparing;
  const { tenant, owner } = company;
  const targets: Target[] = [
    ...extensions.map((number) => ({ kind: 'extension', number }) as const),
    ...[...tenant.groups.keys(), ...(groupIds as unknown as GroupId[])].map((id) => ({ kind: 'group', id }) as const),
  ];
  for (const picker of [...extensions, '99' as Extension]) {
    for (const target of targets) {
      const act = comparing.chance.one(acts as unknown as [(typeof acts)[number]]);
      for (const [what, by] of [
        ['pickup', 'number'],
        ['pickup', 'group'],
        [act, 'number'],
      ] as const) {
        const name = target.kind === 'group' ? { group: target.id } : { target: target.number };
        const { json } = await owner('POST /v1/explain', { picker, act: what, by, ...name });
        const is = json.allowed ? { ok: true, grant: json.grant } : { ok: false, refusal: json.refusal };
        const must = decide({ tenant, picker, act: what, target, by });
        const where = `${tenant.id}: ${picker} ${what} ${JSON.stringify(name)} by ${by},`;
        same(comparing, '/v1/explain', { is: said(is as Decision), must: said(must), where });
      }
    }
  }
};

/** `/v1/pickup/candidates` shows a call to whom the policy lets have it, with its grant. */
const compareCandidates = async (comparing: Comparing, attempt: Attempt): Promise<void> => {
  const { tenant, picker, target, isPrivate, owner, call } = attempt;
  const ask = { tenant, picker, act: 'pickup', target: { kind: 'extension', number: target } } as const;
  const byGroup = decide({ ...ask, by: 'group' });
  const byNumber = decide({ ...ask, by: 'number' });
  const best = byGroup.ok ? byGroup : byNumber;
  const isShown = best.ok && !(isPrivate && picker !== target);
  const { json } = await owner(`GET /v1/pickup/candidates?extension=${picker}`);
  const shown = json.candidates.find((each: { call: { id: string } }) => each.call.id === call);
  const is = shown ? `${said({ ok: true, grant: shown.grant })}, by ${shown.by}` : 'not shown';
  const must = isShown ? `${said(best)}, by ${byGroup.ok ? 'group' : 'number'}` : 'not shown';
  same(comparing, '/v1/pickup/candidates', { is, must, where: whereOf(attempt) });
};

const whereOf = ({ tenant, picker, target, isPrivate }: Attempt): string =>
  `${tenant.id}: ${picker} for ${target}${isPrivate ? ' (a private call)' : ''},`;

/** The picker has the call, and hears who called; then it is over. */
const takes = async (
  { company }: Comparing,
  { call, leg }: Ringing,
  { attempt, isOrder }: { attempt: Attempt; isOrder: boolean },
) => {
  const phone = attempt.phone;
  if (isOrder) {
    const offered = await phone.isCalled();
    await offered.answers();
  }
  await call.answered();
  await leg.stopsRinging();
  const port = audioIn(call.remoteSdp ?? '')?.port;
  if (port !== phone.rtp.port) throw new Error(`${whereOf(attempt)} the caller talks to port ${port}`);
  await call.hangsUp();
  for (const each of company.phones.values()) {
    for (const until = Date.now() + 5_000; each.unfinished().some((left) => /^call .* confirmed/.test(left)); ) {
      if (Date.now() > until) throw new Error(`${whereOf(attempt)} the picker was not hung up`);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  }
};

const givesUp = async ({ call, leg }: Ringing): Promise<void> => {
  await Promise.all([call.cancels(), leg.isPending && leg.stopsRinging()]);
};

/** Every picker on every path for a call of one extension: first all who must be refused, then some who must not. */
export const comparePickups = async (comparing: Comparing, target: Extension, isPrivate: boolean): Promise<void> => {
  const { company, chance, mismatches } = comparing;
  const { tenant } = company;
  let ringing = await ring(comparing, target, isPrivate);
  const attemptOf = (picker: Extension): Attempt => ({
    ...{ tenant, picker, target, isPrivate, call: ringing.id, replaces: ringing.replaces },
    ...{ phone: phoneOf(company, picker), owner: company.owner, personal: company.personal.get(picker) as never },
  });
  const granted: [Extension, PickupPath][] = [];
  for (const picker of extensions) {
    await compareCandidates(comparing, attemptOf(picker));
    for (const path of pathsOf(tenant, target)) {
      const attempt = attemptOf(picker);
      const verdict = path.verdict(attempt);
      if (verdict === 'granted') granted.push([picker, path]);
      else
        same(comparing, path.name, {
          is: await path.tries(attempt),
          must: path.words(verdict, attempt),
          where: whereOf(attempt),
        });
    }
  }
  if (mismatches.length > 0 || !ringing.leg.isPending || ringing.call.state !== 'early') {
    mismatches.push(`${tenant.id}: the call of ${target} is ${ringing.call.state} after refusals`);
    await givesUp(ringing);
    return;
  }
  for (const [picker, path] of drawn(chance, granted)) {
    const attempt = attemptOf(picker);
    const is = await path.tries(attempt);
    same(comparing, path.name, { is, must: 'granted', where: whereOf(attempt) });
    if (is !== 'granted') continue;
    await takes(comparing, ringing, { attempt, isOrder: path.isOrder });
    ringing = await ring(comparing, target, isPrivate);
  }
  await givesUp(ringing);
};

/** Some of many, in any order: first one of each path, then others. */
const drawn = (chance: Chance, from: readonly [Extension, PickupPath][]): [Extension, PickupPath][] => {
  const mixed = from
    .map((each) => ({ each, at: chance.between(0, 1) }))
    .sort((a, b) => a.at - b.at)
    .map(({ each }) => each);
  const firsts = new Map(mixed.map((each) => [each[1].name, each]));
  return [...new Set([...firsts.values(), ...mixed])].slice(0, mostGranted);
};
