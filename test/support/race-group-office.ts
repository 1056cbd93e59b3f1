/** The numbers of one floor of a company whose groups are called. */
export const numbersOf = (floor: number) => {
  const at = (kind: number) => `${kind}${`${floor}`.padStart(2, '0')}`;
  return {
    callers: [at(10), at(11)],
    members: [at(20), at(21), at(22), at(23), at(24)],
    /** Members who are not to be called: away, not to be disturbed, without a phone. */
    away: at(25),
    undisturbed: at(26),
    unplugged: at(27),
    /** Not in a group, but where one goes on to. */
    beyond: at(28),
    /** Both may take the calls of every group. */
    controllers: [at(30), at(31)],
    /** In a pickup group with the first three members. */
    colleague: at(32),
    /** May take nothing. */
    stranger: at(33),
    outside: `0045${at(90)}`,
  } as const;
};

/** The numbers of one floor. */
export type Numbers = ReturnType<typeof numbersOf>;

/** The groups of each floor, in the order of their numbers. */
export const groupNames = ['all', 'turns', 'chance', 'ever', 'far', 'out', 'by', 'nest', 'round'] as const;

/** One of {@link groupNames}. */
export type GroupName = (typeof groupNames)[number];

/** The number of a floor's group. */
export const groupNumber = (floor: number, name: GroupName): string =>
  `8${groupNames.indexOf(name)}${`${floor}`.padStart(2, '0')}`;

/** How many seconds an extension rings that a group goes on to: the shortest there is. */
const ringSeconds = 5;

const idOf = (floor: number, place: number): string => `${floor * 100 + place}`.padStart(24, 'a');

const beyondsId = (floor: number): string => idOf(floor, 50);
const outsidesId = (floor: number): string => idOf(floor, 51);

/** What each group says besides its name, its number and its controllers. */
const groupsOf = (floor: number): Readonly<Record<GroupName, object>> => {
  const { members, callers, away, undisturbed, unplugged } = numbersOf(floor);
  const [first, second, third, fourth, fifth] = members;
  const id = (name: GroupName) => idOf(floor, groupNames.indexOf(name));
  const number = (name: GroupName) => groupNumber(floor, name);
  const all = [first, second, third, fourth, callers[1], away, undisturbed, unplugged];
  return {
    all: { strategy: 'ALL', members: all, ringTime: 1, timeoutGoto: id('turns') },
    turns: { strategy: 'SEQUENTIAL', members: [third, away, fourth, fifth], ringTime: 1, timeoutGoto: id('chance') },
    // From here a call would go round in a circle.
    chance: { strategy: 'RANDOM', members: [first, second, fifth], ringTime: 1, timeoutGoto: id('all') },
    ever: { strategy: 'ALL', members, ringTime: 0 },
    far: { strategy: 'ALL', members: [fifth], ringTime: 1, timeoutGoto: beyondsId(floor) },
    out: { strategy: 'SEQUENTIAL', members: [fourth, fifth], ringTime: 1, timeoutGoto: outsidesId(floor) },
    by: { strategy: 'ALL', members: [first], ringTime: 1, redirect: number('turns') },
    nest: {
      strategy: 'SEQUENTIAL',
      members: [first, number('far'), number('round')],
      ringTime: 1,
      timeoutGoto: id('ever'),
    },
    round: {
      strategy: 'RANDOM',
      members: [number('all'), second, number('nest')],
      ringTime: 1,
      timeoutGoto: id('nest'),
    },
  };
};

/** A company of so many floors (at most 100), each with ring groups of every kind. */
export const officeOfGroups = (floors: number, trunk: string): string => {
  const all = Array.from({ length: floors }, (_, floor) => ({ floor, numbers: numbersOf(floor) }));
  const document = {
    default: true,
    domains: ['acme.example'],
    ringSeconds,
    trunk,
    callControl: { pickup_all: false },
    extensions: Object.assign({}, ...all.map(extensionsOf)),
    pickupGroups: Object.fromEntries(
      all.map(({ floor, numbers: { members, colleague } }) => [`desk${floor}`, [...members.slice(0, 3), colleague]]),
    ),
    groups: Object.assign({}, ...all.map(({ floor }) => shownGroups(floor))),
    outsideNumbers: Object.fromEntries(
      all.map(({ floor, numbers: { outside } }) => [outsidesId(floor), { number: outside, name: 'outside' }]),
    ),
  };
  // JSON is YAML.
  return JSON.stringify({ sipAuth: 'none', tenants: { acme: document } });
};

const extensionsOf = ({ floor, numbers }: { floor: number; numbers: Numbers }): object => {
  const { callers, members, away, undisturbed, unplugged, beyond, controllers, colleague, stranger } = numbers;
  const plain = [...callers, ...members, unplugged, ...controllers, colleague, stranger];
  return {
    ...Object.fromEntries(plain.map((number) => [number, {}])),
    [away]: { presence: 'away' },
    [undisturbed]: { presence: 'do-not-disturb' },
    [beyond]: { id: beyondsId(floor) },
  };
};

const shownGroups = (floor: number): object => {
  const { controllers } = numbersOf(floor);
  const rows = Object.entries(groupsOf(floor)).map(([name, own], place) => {
    const number = groupNumber(floor, name as GroupName);
    return [idOf(floor, place), { name: `${name}${floor}`, number, controllers, pickup: true, ...own }];
  });
  return Object.fromEntries(rows);
};
