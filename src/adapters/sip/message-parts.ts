/**
 * So much of a text goes into one MESSAGE, in bytes of UTF-8: with the headers of usual names and contacts, some 600
 * bytes, the request stays under the 1300 that RFC 3428 section 8 allows. With the longest it stays far under what
 * drachtio-server takes in one frame.
 */
const mostBytes = 600;

const bytesOf = (text: string): number => new TextEncoder().encode(text).length;

/** Cuts a text into parts that fit into a MESSAGE each: between words if it can, never inside a character. */
export const partsOf = (text: string): string[] => {
  const parts: string[] = [];
  let part = '';
  for (const piece of text.split(/(?<= )/).flatMap(shortPieces)) {
    if (part !== '' && bytesOf(part + piece) > mostBytes) {
      parts.push(part.trimEnd());
      part = '';
    }
    part += piece;
  }
  return part === '' ? parts : [...parts, part];
};

/** A word that is too long for one part is taken character by character. */
const shortPieces = (word: string): string[] => (bytesOf(word) > mostBytes ? [...word] : [word]);
