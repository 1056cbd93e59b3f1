import type { Extension } from '../names.js';
import { contextOf } from '../rules/phone-calls.js';
import type { Ask } from '../rules/rule.js';
import type { Missing } from './words.js';

type Finding = Omit<Missing, 'model'>;

/** Why the picker's user may not have the calls of an extension. */
export const missingInPhoneCalls = (ask: Ask, target: Extension): Missing[] => {
  if (ask.act !== 'pickup' && ask.act !== 'view-other-party') return [];
  return [{ model: 'phone-calls', ...findingOf(ask, target) }];
};

const findingOf = ({ tenant, picker, act, by }: Ask, target: Extension): Finding => {
  const { user, context } = contextOf(tenant, picker);
  const other = contextOf(tenant, target).user;
  if (user === other) {
    return {
      why: `${picker} and ${target} belong to the user ${user}, whose context is phone: the own extension only.`,
      remedy: `Set the context of ${user} to user.`,
    };
  }
  if (act === 'pickup' && by === 'group') {
    return {
      why: `Without a number only the calls of one's own user's extensions are found: ${picker} belongs to ${user}, ${target} to ${other}.`,
      remedy: 'Give both extensions to one user.',
    };
  }
  return {
    why: `${picker} belongs to the user ${user}, whose context is ${context}, and ${target} to ${other}.`,
    remedy: `Set the context of ${user} to organization.`,
  };
};
