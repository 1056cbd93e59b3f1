/** The lines of a description that begin with m=. */
const mediaLines = (body: string): string[] => body.split(/\r?\n/).filter((line) => line.startsWith('m='));

/** A media line that is refused: its port is 0 (RFC 3264 section 6), and of its formats one is enough. */
const refused = (line: string): string => line.replace(/^(m=\S+) \d+(?:\/\d+)? (\S+) (\S+).*$/, '$1 0 $2 $3');

/**
 * An offer in a session that is there has at least as many media lines as were agreed on before (RFC 3264 section 8). A
 * party that was never asked for video offers too few to a phone that was in a video call: the rest is refused.
 */
export const withLinesOf = (told: string, offer: string): string => {
  const missing = mediaLines(told).slice(mediaLines(offer).length);
  return missing.length === 0
    ? offer
    : `${offer.replace(/\r?\n?$/, '\r\n')}${missing.map((line) => `${refused(line)}\r\n`).join('')}`;
};

/** The answer to the offer as it was before lines were added to it: as many lines, in their order. */
export const answerTo = (offer: string, answer: string): string => {
  const [session = '', ...media] = answer.split(/^(?=m=)/m);
  return session + media.slice(0, mediaLines(offer).length).join('');
};
