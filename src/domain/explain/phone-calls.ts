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
      remedy: `Set the context of the user ${user} to user: all extensions of that user.`,
    };
  }
  const reaches = context === 'phone' ? 'the own extension only' : 'the extensions of that user only';
  if (act === 'pickup' && by === 'group') {
    return {
      why: `Without a number only calls of other extensions of one's own user are found: ${picker} belongs to the user ${user}, ${target} to the user ${other}.`,
      remedy: 'Give both extensions to one user.',
    };
  }
  return {
    why: `${picker} belongs to the user ${user}, whose context is ${context}: ${reaches}. ${target} belongs to the user ${other}.`,
    remedy: `Set the context of the user ${user} to organization: all extensions of the company.`,
  };
};
