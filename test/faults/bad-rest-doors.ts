import type { Role } from './bad-rest-stage.js';

/** One quiet GET of each dialect, and who may ask it. */
export const doors: readonly { readonly url: string; readonly as: Role }[] = [
  { url: '/client/acme/call_control_group/', as: 'viewer' },
  { url: '/ivoz/users', as: 'viewer' },
  { url: '/pbx/group', as: 'viewer' },
  { url: '/uapi/phoneCalls/@owner/101', as: 'viewer' },
  { url: '/v1/calls', as: 'viewer' },
];

/** Authorization headers that let nobody in; `good` is one that does. */
export const wrongTokens = (good: string): readonly (string | undefined)[] => {
  const text = good.slice('Bearer '.length);
  return [
    undefined,
    '',
    'Bearer',
    'Bearer ',
    'Basic YWRtaW46YWRtaW4=',
    text,
    `Token ${text}`,
    `Bearer ${text} x`,
    `Bearer ${text.slice(0, -1)}`,
    `Bearer ${text}A`,
    `Bearer ${text.toUpperCase()}`,
    `Bearer ${text.replace('cp_', 'CP_')}`,
    `Bearer\u00a0${text}`,
    `Bearer "${text}"`,
    `Bearer cp_000000000000_${'A'.repeat(43)}`,
    `Bearer ${text.slice(0, 16)}${'A'.repeat(43)}`,
    'Bearer cp_*_x',
    'Bearer cp_{acme}_x',
    'Bearer __proto__',
    `Bearer ${'a'.repeat(10_000)}`,
  ];
};

/** The same token in other spellings that mean the same (RFC 9110 11.1: the scheme has no case). */
export const rightTokens = (good: string): readonly string[] => {
  const text = good.slice('Bearer '.length);
  return [good, `bearer ${text}`, `BEARER ${text}`, `Bearer   ${text}`, `Bearer ${text}  `];
};

/** If-Match of something that never was. */
export const wrongMatches: readonly string[] = [
  '',
  'x',
  '"x"',
  'W/"x"',
  '""',
  '"*"',
  ', ,',
  '"x", "y"',
  '__proto__',
  `"${'x'.repeat(4_000)}"`,
  Array(500).fill('"x"').join(','),
  '"\u00e4"',
];
