import { defaultServiceCodes, readDialled, type Service, services } from '../../../domain/service-code.js';

/** A service as IvozProvider lists it. */
export interface KnownService {
  readonly id: number;
  readonly service: Service;
  /** IvozProvider's kind of name. */
  readonly iden: string;
  readonly words: string;
}

const words: Readonly<Record<Service, string>> = {
  pickup: 'Takes a ringing call: of the own groups, or of the extension dialled after the code',
  preview: 'Takes a ringing call after hearing whose it is',
  steal: 'Takes a call that is being talked in',
  eavesdrop: 'Listens to a call',
  whisper: 'Talks to one party of a call',
  barge: 'Joins a call',
  'phone-replace': 'Moves an extension to this phone',
  'dnd-on': 'Do not disturb',
  'dnd-off': 'Ends do not disturb',
  'pickup-deny': 'Nobody may take the calls of this extension',
  'pickup-allow': 'Ends that nobody may take the calls of this extension',
  'away-on': 'Away: groups do not ring here',
  'away-off': 'Ends away',
};

/** The services by their ids here; services are added at the end only, so that an id stays what it is. */
export const knownServices: readonly KnownService[] = services.map((service, index) => ({
  id: index + 1,
  service,
  iden: idenOf(service),
  words: words[service],
}));

/** `pickup-deny` as `PickupDeny`. */
function idenOf(service: Service): string {
  return service.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
}

/** The service with an id. */
export const serviceOf = (id: number): KnownService | undefined => knownServices.find((known) => known.id === id);

/** True if more digits are dialled after the code. */
const takesMore = (service: Service): boolean => readDialled('*11', { [service]: ['*1'] }).kind === 'service';

/** A service as IvozProvider shows it; the default code is the one in force where the company says nothing. */
export const shownService = (
  { id, service, iden, words: text }: KnownService,
  codes: readonly string[] | undefined,
) => {
  const inForce = codes ?? defaultServiceCodes[service] ?? [];
  return {
    iden,
    defaultCode: shownCode(inForce),
    extraArgs: takesMore(service),
    id,
    name: { en: iden },
    description: { en: text },
    codes: inForce,
  };
};

/** IvozProvider writes a code without the star that is dialled before it: `*95` is `95`. */
export const shownCode = ([first = '']: readonly string[]): string => (/^\*\d+$/.test(first) ? first.slice(1) : first);

/** What is dialled for a code that was written: digits get their star, a code with a star or a hash stands as it is. */
export const dialledCode = (code: string): string => (/^\d+$/.test(code) ? `*${code}` : code);
