import { commonIds, namesOf, otherOf, type Side, secretsOf } from './walls-sides.js';

/** Something that one side was told. */
export interface Heard {
  readonly side: Side;
  /** What it is, for the reader: `REST GET /v1/calls`, `SIP to 101`. */
  readonly what: string;
  readonly text: string;
  /** What that side had said before to be told so: what stands in it is no news. */
  readonly asked?: string;
}

/** Reads everything that a side is told, and remembers what does not belong to it. */
export interface Judge {
  /** Notes whose an id is: of a call, an order, a group or a leg, as soon as one side is known to have it. */
  owns(side: Side, id: string): void;
  hears(heard: Heard): void;
  /** What has crossed; ids that were not known when they were heard are looked up now. */
  crossings(): string[];
  /** How many texts were read. */
  readonly read: number;
}

/** UUIDs, with dashes or without (VoipNow), and the 24 digits of TelecomX. */
const idForm = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|\b[0-9a-f]{32}\b|\b[0-9a-f]{24}\b/g;

const plain = (id: string): string => id.replaceAll('-', '');

/** So many crossings are told; one would be enough. */
const most = 20;

/** A judge who has heard nothing yet. */
export const newJudge = (): Judge => {
  const owners = new Map<string, Side>();
  const pending: { id: string; heard: Omit<Heard, 'text' | 'asked'>; excerpt: string }[] = [];
  const found: string[] = [];
  let read = 0;

  const tell = (what: string): void => {
    if (found.length < most) found.push(what);
  };
  const judgeId = (id: string, heard: Omit<Heard, 'text' | 'asked'>, excerpt: string): void => {
    const owner = owners.get(plain(id));
    if (owner && owner !== heard.side)
      tell(`${heard.side.tenant}: ${heard.what} has ${owner.tenant}'s ${id}: ${excerpt}`);
  };

  return {
    owns: (side, id) => {
      const known = owners.get(plain(id));
      if (known && known !== side) tell(`both sides have ${id}`);
      owners.set(plain(id), side);
    },
    hears: ({ side, what, text, asked = '' }) => {
      read += 1;
      const theirs = otherOf(side);
      const strange = [
        ...secretsOf(theirs).filter((secret) => text.includes(secret)),
        ...namesOf(theirs).filter((name) => text.includes(name) && !asked.includes(name)),
      ];
      for (const word of strange) tell(`${side.tenant}: ${what} has "${word}": ${around(text, word)}`);
      for (const [id] of text.matchAll(idForm)) {
        if (commonIds.has(id) || owners.get(plain(id)) === side || plain(asked).includes(plain(id))) continue;
        if (owners.has(plain(id))) judgeId(id, { side, what }, around(text, id));
        else pending.push({ id, heard: { side, what }, excerpt: around(text, id) });
      }
    },
    crossings: () => {
      for (const { id, heard, excerpt } of pending.splice(0)) judgeId(id, heard, excerpt);
      return [...found];
    },
    get read() {
      return read;
    },
  };
};

const around = (text: string, word: string): string => {
  const at = text.indexOf(word);
  return JSON.stringify(text.slice(Math.max(0, at - 120), at + word.length + 120));
};
