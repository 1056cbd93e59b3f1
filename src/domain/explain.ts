import { missingInCallControl } from './explain/call-control.js';
import { missingFromCallee } from './explain/callee.js';
import { groundOf } from './explain/granted.js';
import { missingInGroup, missingInGroups } from './explain/groups.js';
import { missingInPhoneCalls } from './explain/phone-calls.js';
import { missingInPickupGroups } from './explain/pickup-groups.js';
import { deedOf, type Missing } from './explain/words.js';
import type { Extension } from './names.js';
import type { ExtensionEntry } from './office.js';
import type { Refusal } from './outcome.js';
import { decide } from './policy.js';
import { grantOf } from './rules/grant.js';
import { isOwn } from './rules/own.js';
import type { Ask, Grant } from './rules/rule.js';

/** A part of an explanation. */
export type { Missing };

/**
 * A decision in words that an administrator understands. Names of groups and users stand in it as they were written:
 * whoever shows it escapes them.
 */
export interface Explanation {
  readonly allowed: boolean;
  readonly grant?: Grant;
  readonly refusal?: Refusal;
  readonly reason: string;
  /** What keeps it from being allowed: each thing the callee has to take back, and if no model grants it, one thing each that would do. */
  readonly missing: readonly Missing[];
}

/** Why an ask is granted or refused; decides as `decide` does, because it asks it. */
export const explain = (ask: Ask): Explanation => {
  const decision = decide(ask);
  if (decision.ok) {
    const reason = `${ask.picker} may ${deedOf(ask)}, because ${groundOf(ask, decision.grant)}.`;
    return { allowed: true, grant: decision.grant, reason, missing: [] };
  }
  const { refusal } = decision;
  const missing = missingFor(ask);
  return { allowed: false, refusal, reason: reasonOf(ask, refusal, missing), missing };
};

const reasonOf = (ask: Ask, refusal: Refusal, missing: readonly Missing[]): string => {
  const first = missing[0]?.why ?? '';
  if (refusal === 'unknown-extension' || refusal === 'unknown-group') return first;
  const no = `${ask.picker} may not ${deedOf(ask)}`;
  if (refusal === 'no-group' && ask.target.kind === 'extension')
    return `${no}: ${ask.picker} is in no group with anybody whose calls could be picked up.`;
  if (refusal === 'not-allowed' && missing.length > 1)
    return `${no}: no rule allows it. One of the remedies is enough.`;
  return `${no}. ${first}${ask.target.kind === 'extension' ? ruleToo(missing) : ''}`;
};

/** Whoever has only heard of the callee would be surprised by the next no. */
const ruleToo = (missing: readonly Missing[]): string => {
  const keptAway = missing.some(({ model }) => model === 'callee');
  const noRule = missing.some(({ model }) => model !== 'callee');
  return keptAway && noRule ? ' And no rule allows it either.' : '';
};

const missingFor = (ask: Ask): Missing[] => {
  const { tenant, picker, target } = ask;
  if (!tenant.extensions.has(picker)) return [unknownExtension(picker)];
  if (target.kind === 'group') {
    const group = tenant.groups.get(target.id);
    return group ? missingInGroup(ask, group) : [unknownGroup(target.id)];
  }
  if (isOwn(ask)) return [notToOneself(ask)];
  const callee = tenant.extensions.get(target.number);
  return callee
    ? [...missingFromCallee(tenant, callee, ask.act), ...missingInModels(ask, callee)]
    : [unknownExtension(target.number)];
};

/** If one model grants it, nothing is missing in the others. */
const missingInModels = (ask: Ask, { number }: ExtensionEntry): Missing[] => {
  if (grantOf(ask)) return [];
  return [missingInPickupGroups, missingInCallControl, missingInGroups, missingInPhoneCalls].flatMap((find) =>
    find(ask, number),
  );
};

const unknownExtension = (number: Extension): Missing => ({
  model: 'company',
  why: `The company has no extension ${number}.`,
  remedy: 'Check the number, or add the extension.',
});

const unknownGroup = (id: string): Missing => ({
  model: 'company',
  why: `The company has no group ${id}.`,
  remedy: 'Check its id or number, or add the group.',
});

const notToOneself = ({ tenant, picker, act }: Ask): Missing => {
  const code = tenant.codes.pickup?.[0];
  if (act === 'pickup') {
    return {
      model: 'own',
      why: `Without a number the own extension ${picker} is left out.`,
      remedy: code ? `Dial its number too: ${code}${picker}.` : 'Name the extension.',
    };
  }
  return {
    model: 'own',
    why: `${picker} is the own extension, and this is done to others only.`,
    remedy: 'Ask about another extension.',
  };
};
