import type { GroupId } from '../../src/domain/group.js';
import type { Extension } from '../../src/domain/names.js';
import type { Tenant } from '../../src/domain/office.js';
import type { Refusal } from '../../src/domain/outcome.js';
import { decide, type Reach, reachOf } from '../../src/domain/policy.js';
import { everybodyIn } from '../../src/domain/selection.js';
import { idOf } from './one-policy-companies.js';
import type { Phone } from './phone.js';

/** A program of the company's. */
export type Asks = (
  line: string,
  body?: unknown,
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
) => Promise<{ status: number; json: any }>;

/** One picker and one call that rings, alone in its company. */
export interface Attempt {
  readonly tenant: Tenant;
  readonly picker: Extension;
  readonly target: Extension;
  readonly isPrivate: boolean;
  readonly call: string;
  /** What a key that has seen the dialog sends. */
  readonly replaces: string;
  readonly phone: Phone;
  readonly owner: Asks;
  /** PERSONAL, of the picker. */
  readonly personal: Asks;
}

/** On a busy machine the store may take too long (503): then it is asked again. */
const untilThere = async <T extends { readonly status: number }>(ask: () => Promise<T>): Promise<T> => {
  for (let times = 0; times < 10; times += 1) {
    const answer = await ask();
    if (answer.status !== 503) return answer;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return ask();
};

/** What the policy says to an attempt. */
export type Verdict = 'granted' | Refusal;

/** One way to a pickup. */
export interface PickupPath {
  readonly name: string;
  /** A picker's phone is called first, and has to answer. */
  readonly isOrder: boolean;
  /** By the policy alone, computed from the document. */
  verdict(attempt: Attempt): Verdict;
  /** How this door says a refusal. */
  words(refusal: Refusal, attempt: Attempt): string;
  /** Tries it; resolves with `granted`, or with what the door said. */
  tries(attempt: Attempt): Promise<string>;
}

/** The call of one extension, named: what `decide` says; a private call is its callee's own. */
const named = ({ tenant, picker, target, isPrivate }: Attempt): Verdict => {
  const ask = { tenant, picker, act: 'pickup', target: { kind: 'extension', number: target }, by: 'number' } as const;
  const decision = decide(ask);
  if (!decision.ok) return decision.refusal;
  return isPrivate && picker !== target ? 'private-call' : 'granted';
};

const within =
  (reachFor: (attempt: Attempt) => Reach) =>
  (attempt: Attempt): Verdict => {
    const reach = reachFor(attempt);
    if (!reach.ok) return reach.refusal;
    if (!everybodyIn(reach).includes(attempt.target)) return 'no-call';
    return attempt.isPrivate ? 'private-call' : 'granted';
  };

/** Any call in the picker's groups. */
const unnamed = within(({ tenant, picker }) => reachOf(tenant, picker, { by: 'group' }));

const inGroup = (group: GroupId) => within(({ tenant, picker }) => reachOf(tenant, picker, { by: 'group', group }));

const sipWords: Readonly<Partial<Record<Refusal, string>>> = {
  'no-call': '480 No Call To Pick Up',
  'no-group': '403 You Are In No Pickup Group',
  'not-allowed': '403 Pickup Not Allowed',
  'opted-out': '403 Pickup Refused By The Callee',
  'private-call': '403 Private Call',
};

const profiles = { asterisk: '403 Forbidden', ivoz: '404 Not Found' } as const;

const sipSays = (refusal: Refusal, { tenant: { failureProfile: profile } }: Attempt): string =>
  profile === 'default' ? (sipWords[refusal] ?? refusal) : profiles[profile];

const bySip = (
  name: string,
  verdict: PickupPath['verdict'],
  dial: (attempt: Attempt) => { number: string; headers?: Record<string, string> },
): PickupPath => ({
  name,
  isOrder: false,
  verdict,
  words: sipSays,
  tries: async (attempt) => {
    const { number, headers = {} } = dial(attempt);
    const { status, reason } = await untilThere(() => attempt.phone.calls(number, { headers }).ends(30_000));
    return status < 300 ? 'granted' : `${status} ${reason}`;
  },
});

const v1Words: Readonly<Partial<Record<Refusal, string>>> = {
  'no-call': '404 no-call',
  'no-group': '403 no-group',
  'not-allowed': '403 not-allowed',
  'opted-out': '403 opted-out',
  'private-call': '404 no-call',
};

const byRest = (
  path: Omit<PickupPath, 'isOrder' | 'tries'>,
  ask: (attempt: Attempt) => ReturnType<Asks>,
): PickupPath => ({
  ...path,
  isOrder: true,
  tries: async (attempt) => {
    const { status, json } = await untilThere(() => ask(attempt));
    if (status === 202) return 'granted';
    return `${status} ${json?.code ?? json?.error?.code ?? json?.message}`;
  },
});

const v1 = (
  name: string,
  verdict: PickupPath['verdict'],
  body: (attempt: Attempt) => Record<string, unknown>,
): PickupPath =>
  byRest({ name, verdict, words: (refusal) => v1Words[refusal] ?? refusal }, (attempt) =>
    attempt.owner('POST /v1/pickup', { sendTo: attempt.picker, ...body(attempt) }),
  );

/** Private calls and extensions are not shown to the company's programs, so there a call of theirs is none at all. */
const isHidden = ({ tenant, target, isPrivate }: Attempt): boolean =>
  isPrivate || tenant.extensions.get(target)?.isPrivate === true;

/** Who asks for a call by its id: the picker itself where it is the callee of a private call, else the company. */
const whoeverSees = (attempt: Attempt): Asks => (attempt.picker === attempt.target ? attempt.personal : attempt.owner);

const voipnow = byRest(
  {
    name: 'VoipNow PUT',
    verdict: named,
    words: (refusal, attempt) =>
      isHidden(attempt) || refusal === 'private-call' ? '400 pc_phonecall_invalid' : '403 access_denied',
  },
  (attempt) =>
    whoeverSees(attempt)(`PUT /uapi/phoneCalls/@owner/${attempt.target}/${attempt.call.replaceAll('-', '')}`, {
      ...{ action: 'PickUp', sendCallTo: attempt.picker, phoneCallViewId: '01', waitForPickup: 20 },
    }),
);

const v1Call = byRest(
  {
    name: 'POST /v1/pickup call',
    verdict: named,
    words: (refusal, attempt) => (isHidden(attempt) ? '404 no-call' : (v1Words[refusal] ?? refusal)),
  },
  (attempt) => whoeverSees(attempt)('POST /v1/pickup', { sendTo: attempt.picker, call: attempt.call }),
);

const telecomxWords = (refusal: Refusal): string => (refusal === 'no-call' ? '404 not_found' : '403 access_denied');

/** The ways to a call of an extension, and to any call in one's groups. */
const always: readonly PickupPath[] = [
  bySip('the code with a number', named, ({ target }) => ({ number: `*95${target}` })),
  bySip('the bare code', unnamed, () => ({ number: '*95' })),
  bySip('Replaces', named, ({ target, replaces }) => ({ number: target, headers: { Replaces: replaces } })),
  voipnow,
  v1('POST /v1/pickup target', named, ({ target }) => ({ target })),
  v1Call,
  v1('POST /v1/pickup', unnamed, () => ({})),
];

const ofGroup = (group: GroupId, number: string): PickupPath[] => [
  bySip('the code with a group', inGroup(group), () => ({ number: `*95${number}` })),
  v1('POST /v1/pickup group', inGroup(group), () => ({ group: number })),
  byRest({ name: 'POST /pbx/group/pickup', verdict: inGroup(group), words: telecomxWords }, ({ owner, picker }) =>
    owner(`POST /pbx/group/${group}/pickup`, { sendTo: idOf(picker) }),
  ),
];

const ofMember = (group: GroupId): PickupPath =>
  byRest({ name: 'POST /pbx/group/member/pickup', verdict: named, words: telecomxWords }, ({ owner, picker, target }) =>
    owner(`POST /pbx/group/${group}/member/${idOf(target)}/pickup`, { sendTo: idOf(picker) }),
  );

/** Every way to a pickup that there is in a company. */
export const pathsOf = ({ groups }: Tenant, target: Extension): PickupPath[] => [
  ...always,
  ...[...groups.values()].flatMap(({ id, number = '', members }) => [
    ...ofGroup(id, number),
    ...(members.includes(target) ? [ofMember(id)] : []),
  ]),
];
