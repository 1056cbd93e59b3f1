/** Whether an answer takes none of the audio that was offered (RFC 3264 section 6): such a call would be silent. */
export const isAudioRefused = (answer: string): boolean => {
  const lines = answer.match(/^m=audio \d+/gm) ?? [];
  return lines.length > 0 && lines.every((line) => line === 'm=audio 0');
};
