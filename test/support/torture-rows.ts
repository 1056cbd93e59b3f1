/** What came back: a final status, nothing at all, or our own response on its way to somebody else. */
export type Outcome = number | 'none' | 'relayed';

/** Our reading of what a UAS should do with one message. */
export interface TortureRow {
  /** As `torture-corpus.ts` names it. */
  readonly name: string;
  /** The section of the RFC that shows it. */
  readonly section: string;
  /** Every outcome that is right. */
  readonly expected: readonly Outcome[];
  /** Why, in a few words. */
  readonly why: string;
  /** On a stream nothing tells where it ends. */
  readonly datagramOnly?: boolean;
}

type Short = readonly [name: string, section: string, expected: Outcome | readonly Outcome[], why: string];

const rowsOf = (corpus: string, shorts: readonly Short[]): TortureRow[] =>
  shorts.map(([name, section, expected, why]) => ({
    name: `${corpus}/${name}`,
    section,
    expected: [expected].flat() as Outcome[],
    why,
  }));

const valid = rowsOf('rfc4475', [
  ['wsinv', '3.1.1.1', 481, 'valid; its To tag names a dialog that is not ours'],
  ['intmeth', '3.1.1.2', [501, 405], 'valid; nobody implements the method'],
  ['esc01', '3.1.1.3', 404, 'valid; the unescaped user is one name with an @, and nobody has it'],
  ['escnull', '3.1.1.4', [403, 404], 'valid; an escaped NUL is a character, and no extension has it'],
  ['esc02', '3.1.1.5', [501, 405], 'valid; a method is not unescaped, so this is no REGISTER'],
  ['lwsdisp', '3.1.1.6', 200, 'valid without a blank before <'],
  ['longreq', '3.1.1.7', 486, 'valid; the phone is called and is busy'],
  ['dblreq', '3.1.1.8', 200, 'the datagram ends with the REGISTER; what follows is no message'],
  ['semiuri', '3.1.1.9', [200, 404], 'valid; the semicolon belongs to the user'],
  ['transports', '3.1.1.10', 200, 'valid; unknown transports below the top Via are no business of ours'],
  ['mpart01', '3.1.1.11', 415, 'valid; a text is plain text'],
  ['unreason', '3.1.1.12', 'none', 'a response to nothing'],
  ['noreason', '3.1.1.13', 'none', 'a response to nothing'],
]);

const invalid = rowsOf('rfc4475', [
  ['badinv01', '3.1.2.1', 400, 'Via and Contact with empty parameters'],
  ['clerr', '3.1.2.2', 400, 'Content-Length is longer than the datagram'],
  ['ncl', '3.1.2.3', 400, 'negative Content-Length'],
  ['scalar02', '3.1.2.4', 400, 'CSeq beyond 32 bits'],
  ['scalarlg', '3.1.2.5', 'none', 'a response with numbers out of range'],
  ['quotbal', '3.1.2.6', 400, 'a quote that never closes'],
  ['ltgtruri', '3.1.2.7', 400, 'Request-URI in angle brackets'],
  ['lwsruri', '3.1.2.8', 400, 'a blank inside the Request-URI'],
  ['lwsstart', '3.1.2.9', [400, 486], 'two blanks in the request line: refuse, or read over them and call the phone'],
  ['trws', '3.1.2.10', [400, 200], 'blanks after the request line'],
  ['escruri', '3.1.2.11', [400, 486], 'headers in a Request-URI: refuse, or call the phone without them'],
  ['baddate', '3.1.2.12', [400, 486], 'Date in a zone of its own: refuse, or do not look at it'],
  ['regbadct', '3.1.2.13', 400, 'a Contact with headers needs angle brackets'],
  ['badaspec', '3.1.2.14', [400, 200], 'blanks inside the angle brackets'],
  ['baddn', '3.1.2.15', [400, 200], 'a comma in a display name without quotes'],
  ['badvers', '3.1.2.16', 505, 'SIP/7.0'],
  ['mismatch01', '3.1.2.17', 400, 'CSeq names another method'],
  ['mismatch02', '3.1.2.18', [501, 400], 'CSeq names another method, and the method is unknown'],
  ['bigcode', '3.1.2.19', 'none', 'a response with a status beyond all classes'],
]);

const forTheApplication = rowsOf('rfc4475', [
  ['badbranch', '3.2.1', [400, 200], 'a branch that is nothing but the magic cookie'],
  ['insuf', '3.3.1', 400, 'From, To, Call-ID are missing'],
  ['unkscm', '3.3.2', 416, 'unknown scheme'],
  ['novelsc', '3.3.3', [416, 404], 'a scheme that is known and not SIP'],
  ['unksm2', '3.3.4', [400, 403], 'To of a REGISTER is no SIP URI; who asks is nobody, which is looked at first'],
  ['bext01', '3.3.5', 420, 'Require of unknown extensions'],
  ['invut', '3.3.6', 415, 'a body of an unknown type'],
  ['regaut01', '3.3.7', [200, 401], 'an unknown scheme counts as no credentials, and this office asks for none'],
  ['multi01', '3.3.8', 400, 'single headers twice'],
  ['mcl01', '3.3.9', 400, 'two lengths'],
  ['bcast', '3.3.10', 'none', 'a response whose second Via is somebody else must not be passed on'],
  ['zeromf', '3.3.11', [200, 483], 'no hops left, and none needed'],
  ['cparam01', '3.3.12', 200, 'unknown parameter of a Contact without brackets'],
  ['cparam02', '3.3.13', 200, 'unknown parameter of the URI in a Contact'],
  ['regescrt', '3.3.14', [200, 400], 'headers in a Contact: keep them, or refuse, since they would enter our INVITE'],
  ['sdp01', '3.3.15', [406, 400], 'Accept without SDP'],
  ['inv2543', '3.4.1', [400, 404], 'of RFC 2543: no Contact, and UserB is nobody here'],
  ['test', '-', [400, 'none'], 'no version in the request line'],
]);

const ipv6 = rowsOf('rfc5118', [
  ['ipv6-good', '4.1', 200, 'valid'],
  ['ipv6-bad', '4.2', 400, 'an IPv6 address without brackets'],
  ['port-ambiguous', '4.3', 200, 'valid: 5070 is the end of the address'],
  ['port-unambiguous', '4.4', 200, 'valid'],
  ['via-received-param-with-delim', '4.5', 481, 'brackets in received are read over; the BYE is for no dialog'],
  ['via-received-param-no-delim', '4.5', 200, 'valid'],
  ['ipv6-in-sdp', '4.6', 486, 'valid; the phone is called and is busy'],
  ['mult-ip-in-header', '4.7', 481, 'valid; the BYE is for no dialog'],
  ['mult-ip-in-sdp', '4.8', 486, 'valid; the phone is called and is busy'],
  ['ipv4-mapped-ipv6', '4.9', 486, 'valid; the phone is called and is busy'],
  ['ipv6-bug-abnf-3-colons', '4.10', [200, 400], 'three colons, which an old grammar allowed'],
  ['ipv6-correct-abnf-2-colons', '4.10', 200, 'valid'],
]);

/** On a stream nothing tells where these end, or the rest of them is the next message. */
const datagramOnly = new Set(['dblreq', 'clerr', 'baddn', 'inv2543', 'test'].map((name) => `rfc4475/${name}`));

/** The 62 messages and what should become of them in an office where `user` has one phone, which is busy. */
export const tortureRows: readonly TortureRow[] = [...valid, ...invalid, ...forTheApplication, ...ipv6].map((row) => ({
  ...row,
  datagramOnly: datagramOnly.has(row.name),
}));
