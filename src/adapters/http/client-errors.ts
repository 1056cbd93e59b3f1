import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { codeOf } from './problem.js';

/** What Node says of a request that could not be read to its end, as a status and a sentence. */
const known: Readonly<Record<string, readonly [status: number, message: string]>> = {
  HPE_HEADER_OVERFLOW: [431, 'the headers are too large'],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: [413, 'the chunk extensions are too large'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'the request did not come in time'],
};

/** Answers what is no HTTP, or not all of it: outside every dialect, since no URL is known yet; then hangs up. */
export const answerClientError = (error: Error & { code?: string }, socket: Socket): void => {
  // Nobody is there to hear it.
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  const [status, message] = known[error.code ?? ''] ?? [400, 'this is no HTTP request'];
  const body = JSON.stringify({ error: { code: codeOf(status), message } });
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'content-type: application/json; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ];
  if (socket.writable) socket.end([...head, '', body].join('\r\n'));
  else socket.destroy();
};
