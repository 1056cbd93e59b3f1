import { Type } from 'typebox';
import { badField, type Problem } from '../problem.js';
import { form } from '../schema.js';
import { dialledCode, shownCode } from './service-list.js';

const code = form('^[0-9*#]{1,8}$', 'one to eight of the characters 0-9 * #');

/** How a body says a code: IvozProvider's one, without its star, or all that shall be dialled. */
export const codeFields = {
  code: Type.Optional(code),
  codes: Type.Optional(
    Type.Array(code, { minItems: 1, maxItems: 16, description: 'all codes of the service, as they are dialled; ours' }),
  ),
};

/** What a body says of a service's codes. */
export interface CodeWish {
  readonly code?: string;
  readonly codes?: readonly string[];
}

/**
 * The codes that a body wishes for. Who sends back what a GET has shown, with one of the two fields changed, means the
 * changed one; two that say different things are a mistake.
 */
export const wishedCodes = (
  { code: own, codes: list }: CodeWish,
  now: readonly string[],
): { ok: true; codes: readonly string[] } | { ok: false; problem: Problem } => {
  const alone = own === undefined ? undefined : [dialledCode(own)];
  if (!alone) return list ? { ok: true, codes: list } : { ok: false, problem: badField('code', 'is missing') };
  if (!list || sameTexts(list, now))
    return own === shownCode(now) ? { ok: true, codes: now } : { ok: true, codes: alone };
  const agrees = own === shownCode(now) || own === shownCode(list);
  return agrees
    ? { ok: true, codes: list }
    : { ok: false, problem: badField('code', 'says something else than codes') };
};

const sameTexts = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((text, index) => text === b[index]);
