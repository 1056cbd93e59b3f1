import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { Line, patience } from './phone-moment.js';

/** What came to a receiver in one post. */
export interface Posted {
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into events of every shape
  readonly body: any;
}

/** Who takes the posts of a webhook. */
export interface Receiver {
  readonly url: string;
  /** Everything that came until now. */
  readonly posted: readonly Posted[];
  /** How many connections were made until now. */
  readonly connections: number;
  /** The next post, past or to come. */
  next(deadline?: number): Promise<Posted>;
}

/** Who ends the receiver when the test is over; tap's `t` is one. */
interface Stage {
  teardown(last: () => unknown): unknown;
}

/** How a receiver answers; `tries` counts from 1. */
export type Answers = (answer: ServerResponse, tries: number) => void;

const takesAll: Answers = (answer) => void answer.writeHead(204).end();

/** What a receiver that speaks TLS shows, and the file of who has signed it: itself. */
export interface Certificate {
  readonly key: Buffer;
  readonly cert: Buffer;
  readonly file: string;
}

/** Makes a certificate for 127.0.0.1. */
export const certificate = (t: Stage): Certificate => {
  const folder = mkdtempSync(join(tmpdir(), 'callpickup-tls-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const [key, file] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const subject = ['-subj', '/CN=receiver', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  const { status, stderr } = spawnSync('openssl', ['req', '-x509', ...kind, '-keyout', key, '-out', file, ...subject]);
  if (status !== 0) throw new Error(String(stderr));
  return { key: readFileSync(key), cert: readFileSync(file), file };
};

/** A receiver on loopback; with a certificate it speaks TLS. */
export const receiver = async (t: Stage, answers: Answers = takesAll, tls?: Certificate): Promise<Receiver> => {
  const posted: Posted[] = [];
  const line = new Line<Posted>();
  let connections = 0;
  const hears: RequestListener = async (request, answer) => {
    let text = '';
    for await (const part of request.setEncoding('utf8')) text += part;
    const came = { headers: request.headers, text, body: text === '' ? undefined : JSON.parse(text) };
    posted.push(came);
    answers(answer, posted.length);
    line.push(came);
  };
  const server = tls ? createSecureServer(tls, hears) : createServer(hears);
  server.on('connection', () => {
    connections += 1;
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    url: `${tls ? 'https' : 'http'}://127.0.0.1:${(server.address() as AddressInfo).port}/events?of=acme`,
    posted,
    get connections() {
      return connections;
    },
    next: (deadline = patience) => line.next(() => `no post; before: ${JSON.stringify(posted)}`, deadline),
  };
};

/** An address at which nobody listens: connections are refused. */
export const nobodyThere = async (): Promise<string> => {
  const server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return `http://127.0.0.1:${port}/`;
};

/** Listens, and never looks at who comes: its thread sleeps, and its queue of connections is full. */
const sleeper = `
  const { parentPort } = require('node:worker_threads');
  const server = require('node:net').createServer();
  server.listen({ host: '127.0.0.1', port: 0, backlog: 1 }, () => {
    parentPort.postMessage(server.address().port);
    setImmediate(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0));
  });
`;

/** An address whose connections are never made: SYNs get no answer, as behind a firewall that drops them. */
export const swallower = async (t: Stage): Promise<string> => {
  const worker = new Worker(sleeper, { eval: true });
  const [port] = (await once(worker, 'message')) as [number];
  const fillers = Array.from({ length: 4 }, () => connect(port, '127.0.0.1').on('error', () => undefined));
  t.teardown(async () => {
    for (const each of fillers) each.destroy();
    await worker.terminate();
  });
  // Two fit: one more than the backlog says. The third hears nothing.
  await Promise.all(fillers.slice(0, 2).map((each) => once(each, 'connect')));
  return `http://127.0.0.1:${port}/`;
};
