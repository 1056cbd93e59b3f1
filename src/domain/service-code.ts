/** The services that a phone asks for by a code (DESIGN 4); more are added at the end, for APIs number them in this order. */
export const services = [
  'pickup',
  'preview',
  'steal',
  'eavesdrop',
  'whisper',
  'barge',
  'phone-replace',
  'dnd-on',
  'dnd-off',
  'pickup-deny',
  'pickup-allow',
  'away-on',
  'away-off',
] as const;

/** One of {@link services}. */
export type Service = (typeof services)[number];

/** Which codes stand for which service; several codes may be aliases of one. */
export type ServiceCodes = Readonly<Partial<Record<Service, readonly string[]>>>;

/** What a dialled number asks for: a service with what was dialled after its code, or an ordinary number. */
export type Dialled = { kind: 'service'; service: Service; rest: string } | { kind: 'number'; number: string };

/** The codes of an office that says nothing of its own; `away-on` and `away-off` have one where an office gives them one. */
export const defaultServiceCodes: ServiceCodes = {
  pickup: ['*95', '**', '*8'],
  preview: ['*94'],
  steal: ['*96'],
  eavesdrop: ['*33'],
  whisper: ['*34'],
  barge: ['*35'],
  'phone-replace': ['*77'],
  'dnd-on': ['*78'],
  'dnd-off': ['*79'],
  'pickup-deny': ['*80'],
  'pickup-allow': ['*81'],
};

/** Services that read more digits after their code; the others are the code alone. */
const takesNumber: ReadonlySet<Service> = new Set([
  'pickup',
  'preview',
  'steal',
  'eavesdrop',
  'whisper',
  'barge',
  'phone-replace',
]);

const codeForm = /^[*#0-9]{1,8}$/;

/** Why a code cannot stand for a service, or undefined if it can. */
export const faultOfCode = (code: string): string | undefined =>
  codeForm.test(code) ? undefined : 'a code has one to eight of the characters 0-9 * #';

/**
 * The services that two codes cannot be told apart in: the same code twice. A longer code that begins with a shorter
 * one is no conflict, because the longest match wins.
 */
export const conflictsIn = (codes: ServiceCodes): { code: string; services: Service[] }[] => {
  const users = new Map<string, Service[]>();
  for (const [service, own] of entries(codes)) {
    for (const code of own) users.set(code, [...(users.get(code) ?? []), service]);
  }
  return [...users].filter(([, by]) => by.length > 1).map(([code, by]) => ({ code, services: by }));
};

/**
 * The user part of a phone's request URI as the person meant it: percent signs decoded (`%2A95`), parameters of the
 * user (`;phone-context=…`) and a closing `#` taken off (RFC 3261 section 19.1.4; many phones send the dial key).
 * Undefined if the percent signs cannot be decoded or what they hide is no printable text.
 */
export const decodeDialled = (user: string): string | undefined => {
  try {
    const text = decodeURIComponent(user).split(';')[0] ?? '';
    if (!/^[\x21-\x7e]{1,64}$/.test(text)) return undefined;
    return text.length > 1 ? text.replace(/#$/, '') : text;
  } catch {
    return undefined;
  }
};

/** Reads a decoded number as a request for a service or as an ordinary number; the longest code wins. */
export const readDialled = (number: string, codes: ServiceCodes): Dialled => {
  let best: { service: Service; code: string } | undefined;
  for (const [service, own] of entries(codes)) {
    for (const code of own) {
      if (!number.startsWith(code) || code.length <= (best?.code.length ?? 0)) continue;
      if (number === code || takesNumber.has(service)) best = { service, code };
    }
  }
  return best
    ? { kind: 'service', service: best.service, rest: number.slice(best.code.length) }
    : { kind: 'number', number };
};

const entries = (codes: ServiceCodes) => Object.entries(codes) as [Service, readonly string[]][];
