/** Reads the key that an INFO tells of: `Signal=1` (application/dtmf-relay), or the key alone (application/dtmf). */
export const digitIn = (contentType: string | undefined, body: string | undefined): string | undefined => {
  const type = contentType?.split(';', 1)[0]?.trim().toLowerCase();
  if (type === 'application/dtmf-relay') return /^\s*Signal\s*=\s*([0-9A-D*#])\s*$/im.exec(body ?? '')?.[1];
  if (type === 'application/dtmf') return /^\s*([0-9A-D*#])\s*$/i.exec(body ?? '')?.[1];
  return undefined;
};
