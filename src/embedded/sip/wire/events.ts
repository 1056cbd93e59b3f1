import type { Path } from '../transport/path.js';

/** Time of day as drachtio-server writes it: UTC, microseconds. */
function timeOfDay(): string {
  const micros = Math.floor((performance.timeOrigin + performance.now()) * 1000);
  return `${new Date(Math.floor(micros / 1000)).toISOString().slice(11, 23)}${String(micros % 1000).padStart(3, '0')}`;
}

/** The facts of one message, as they stand in the first line of a frame. */
export interface Told {
  readonly text: string;
  readonly transactionId: string;
  readonly dialogId: string;
  readonly path: Path;
}

function arrived(told: Told, bytes: number): string {
  const { proto, address, port } = told.path;
  return `sip|network|${bytes}|${proto}|${address}|${port}|${timeOfDay()}|${told.transactionId}|${told.dialogId}|`;
}

/** A request from the network that belongs to no dialog, with the address of ours that it came to. */
export function newRequest(told: Told, bytes: number): string {
  const { host, port } = told.path.local;
  return `${arrived(told, bytes)}${host}|${port}|\r\n${told.text}`;
}

/** A request in a dialog, or a response. */
export function messageArrived(told: Told, bytes: number): string {
  return `${arrived(told, bytes)}\r\n${told.text}`;
}

/** A response that nobody sent: silence or an unreachable peer. */
export function madeUpResponse(told: Told): string {
  const head = `sip|network|0|${told.path.proto}||0|${timeOfDay()}|${told.transactionId}|${told.dialogId}|`;
  return `${head}\r\n${told.text}`;
}

/** The final response of one target of a proxied request; more may follow. */
export function branchAnswered(text: string, { proto, address, port }: Path): string {
  return `OK|network|${text.length}|${proto}|${address}|${port}|${timeOfDay()}|||continue\r\n${text}`;
}

/** A request that the engine sent in the application's name. */
export function unsolicited(told: Told): string {
  const { proto, local } = told.path;
  const head = `sip|application|${told.text.length}|${proto}|${local.host}|${local.port}|${timeOfDay()}|unsolicited`;
  return `${head}|${told.dialogId}|\r\n${told.text}`;
}

/** The echo of a request that was sent, or is held back (`bytes` 0). */
export function requestSent(told: Told, bytes = told.text.length): string {
  const { proto, local } = told.path;
  const head = `OK|application|${bytes}|${proto}|${local.host}|${local.port}|${timeOfDay()}|${told.transactionId}`;
  return `${head}|Msg sent:|\r\n${told.text}`;
}

/** The echo of a response that was sent. drachtio-srf counts positions: the empty token must stay. */
export function responseSent(told: Told): string {
  const { proto, address, port } = told.path;
  const head = `OK|application|${told.text.length}|${proto}|${address}|${port}|${timeOfDay()}|${told.transactionId}`;
  return `${head}|${told.dialogId}||Msg sent:|\r\n${told.text}`;
}
