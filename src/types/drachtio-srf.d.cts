// Complete declarations for drachtio-srf 5.0.29, written from its run-time code.
// Mapped over the package's own (incomplete) types with tsconfig "paths".
import { EventEmitter } from 'node:events';
import type { Server, Socket } from 'node:net';
import type { ConnectionOptions, TlsOptions } from 'node:tls';

declare namespace Srf {
  type SipMethod =
    | 'ACK'
    | 'BYE'
    | 'CANCEL'
    | 'INFO'
    | 'INVITE'
    | 'MESSAGE'
    | 'NOTIFY'
    | 'OPTIONS'
    | 'PRACK'
    | 'PUBLISH'
    | 'REFER'
    | 'REGISTER'
    | 'SUBSCRIBE'
    | 'UPDATE';
  type SipHeaders = Record<string, string>;
  type Params = Record<string, string | null | undefined>;

  interface AddressHeader {
    name?: string;
    uri: string;
    params: Params;
  }
  interface ViaHeader {
    version: string;
    protocol: string;
    host: string;
    port?: number | string;
    params: Params;
  }
  interface CSeqHeader {
    seq: number;
    method: SipMethod;
  }
  interface ParsedUri {
    family: 'ipv4' | 'ipv6';
    scheme: 'sip' | 'sips' | 'tel';
    user?: string;
    password?: string;
    host?: string;
    port?: number | string | null;
    params: Params;
    headers: Record<string, string>;
    context?: string | null;
  }

  interface ConnectOptions {
    host?: string;
    port?: number;
    secret?: string;
    tls?: ConnectionOptions;
    /** retryMaxDelay undefined = delays grow without bound */
    reconnect?: { retryMaxDelay?: number | null; maxAttempts?: number; connectTimeout?: number };
    enablePing?: boolean;
    /** 5000..300000 ms */
    pingInterval?: number;
    logger?: (line: string) => void;
  }
  interface ListenOptions {
    host?: string;
    port?: number;
    secret?: string;
    server?: Server;
    tls?: TlsOptions;
    enablePing?: boolean;
    pingInterval?: number;
    logger?: (line: string) => void;
  }

  interface AnyParsedHeader {
    (name: 'contact' | 'Contact'): AddressHeader[];
    (name: 'via' | 'Via'): ViaHeader[];
    (name: 'cseq' | 'CSeq'): CSeqHeader;
    (
      name:
        | 'from'
        | 'From'
        | 'to'
        | 'To'
        | 'refer-to'
        | 'Refer-To'
        | 'referred-by'
        | 'Referred-By'
        | 'p-asserted-identity'
        | 'P-Asserted-Identity'
        | 'remote-party-id',
    ): AddressHeader;
    (name: string): unknown;
  }

  class SipMessage {
    constructor(msg?: string | object);
    readonly type: 'request' | 'response' | 'unknown';
    headers: SipHeaders;
    body: string | undefined;
    method?: SipMethod;
    version?: string;
    status?: number;
    reason?: string;
    uri?: string;
    payload?: { type: string | null; content?: string }[];
    raw?: string;
    readonly calledNumber: string;
    readonly callingNumber: string;
    readonly callingName: string;
    readonly canFormDialog: boolean;
    getHeaderName(name: string): string | undefined;
    get(name: string): string | undefined;
    has(name: string): boolean;
    set(name: string, value: string): this;
    set(headers: SipHeaders): this;
    /** throws when the header is absent */
    getParsedHeader: AnyParsedHeader;
    toString(): string;
  }

  interface MessageMeta {
    source: 'network' | 'application';
    address: string;
    port: string;
    protocol: string;
    time: string;
    transactionId: string;
    dialogId: string;
    server?: { address: string; hostport: string };
    receivedOn?: string;
    sessionToken?: string;
  }

  interface SipEnvelope {
    msg: SipMessage;
    readonly type: 'request' | 'response' | 'unknown';
    readonly raw: string;
    headers: SipHeaders;
    body: string | undefined;
    payload: { type: string | null; content?: string }[];
    source: 'network' | 'application';
    source_address: string;
    source_port: number | string;
    protocol: string;
    stackTime: string;
    stackTxnId: string;
    stackDialogId: string;
    socket: Socket;
    get(name: string): string | undefined;
    has(name: string): boolean;
    set(name: string, value: string): SipMessage;
    getHeaderName(name: string): string | undefined;
    getParsedHeader: AnyParsedHeader;
  }

  interface SrfRequest extends SipEnvelope, EventEmitter {
    method: SipMethod;
    uri: string;
    url: string;
    sdp?: string;
    srf: Srf;
    res: SrfResponse;
    server?: { address: string; hostport: string };
    receivedOn?: string;
    sessionToken?: string;
    meta: MessageMeta;
    canceled?: boolean;
    readonly callId: string;
    readonly from: string;
    readonly to: string;
    readonly branch: string;
    readonly calledNumber: string;
    readonly callingNumber: string;
    readonly callingName: string;
    readonly canFormDialog: boolean;
    readonly isNewInvite: boolean;
    cancel(callback?: (err: Error | null, req?: SrfRequest) => void): void;
    cancel(opts: { headers?: SipHeaders }, callback?: (err: Error | null, req?: SrfRequest) => void): void;
    proxy(opts?: ProxyOptions): Promise<ProxyResult>;
    on(
      event: 'response',
      cb: (res: SrfResponse, ack: (opts?: { body?: string; headers?: SipHeaders }) => void) => void,
    ): this;
    on(event: 'cancel', cb: (msg: SipMessage) => void): this;
    on(event: 'update', cb: (req: SrfRequest, res: SrfResponse) => void): this;
    on(event: 'authenticate', cb: (req: SrfRequest) => void): this;
    once(event: 'cancel', cb: (msg: SipMessage) => void): this;
    once(
      event: 'response',
      cb: (res: SrfResponse, ack: (opts?: { body?: string; headers?: SipHeaders }) => void) => void,
    ): this;
  }

  interface SendOptions {
    headers?: SipHeaders;
    body?: string;
  }
  type SendCallback = (err: Error | string | null, msg?: SipMessage) => void;

  interface SrfResponse extends SipEnvelope, EventEmitter {
    req: SrfRequest;
    status: number;
    statusCode: number;
    reason: string;
    readonly finalResponseSent: boolean;
    readonly headersSent: boolean;
    send(status: number, callback?: SendCallback, fnPrack?: (req: SrfRequest) => void): void;
    send(status: number, opts: SendOptions, callback?: SendCallback | null, fnPrack?: (req: SrfRequest) => void): void;
    send(
      status: number,
      reason: string,
      opts?: SendOptions,
      callback?: SendCallback | null,
      fnPrack?: (req: SrfRequest) => void,
    ): void;
    end(): void;
    on(event: 'end', cb: (s: { status: number; reason: string }) => void): this;
    on(event: 'finish', cb: () => void): this;
  }

  interface ProxyOptions {
    destination?: string | string[];
    forking?: 'sequential' | 'simultaneous';
    remainInDialog?: boolean;
    recordRoute?: boolean;
    path?: boolean;
    provisionalTimeout?: string;
    finalTimeout?: string;
    followRedirects?: boolean;
    headers?: SipHeaders;
  }
  interface ProxyResult {
    connected: boolean;
    finalStatus?: number;
    finalResponse?: { time: string; status: number; msg: SipMessage };
    responses: { address: string; port: number; msgs: { time: string; status: number; msg: SipMessage }[] }[];
  }

  type Auth =
    | { username: string; password: string }
    | ((
        req: SrfRequest,
        res: SrfResponse,
        cb: (err: Error | null, username?: string, password?: string) => void,
      ) => void);

  interface DialogEvents {
    ack: [req: SrfRequest];
    destroy: [msg: SrfRequest, reason?: string];
    hold: [req: SrfRequest];
    unhold: [req: SrfRequest];
    refresh: [req: SrfRequest];
    modify: [req: SrfRequest, res: SrfResponse];
    info: [req: SrfRequest, res: SrfResponse];
    message: [req: SrfRequest, res: SrfResponse];
    notify: [req: SrfRequest, res: SrfResponse];
    options: [req: SrfRequest, res: SrfResponse];
    publish: [req: SrfRequest, res: SrfResponse];
    refer: [req: SrfRequest, res: SrfResponse];
    update: [req: SrfRequest, res: SrfResponse];
    subscribe: [req: SrfRequest, res: SrfResponse];
    unsubscribe: [req: SrfRequest, what: string];
  }

  class Dialog extends EventEmitter<DialogEvents> {
    readonly id: string;
    readonly dialogType: SipMethod;
    readonly subscribeEvent: string | null;
    readonly socket: Socket;
    srf: Srf;
    type: 'uac' | 'uas';
    req: SrfRequest;
    res: SrfResponse;
    connected: boolean;
    onHold: boolean;
    other?: Dialog;
    sip: { callId: string; localTag: string; remoteTag: string };
    local: { uri: string; sdp: string; contact: string };
    remote: { uri: string; sdp: string };
    set queueRequests(on: boolean);
    destroy(opts?: { headers?: SipHeaders; auth?: Auth }): Promise<SrfRequest>;
    destroy(opts: { headers?: SipHeaders; auth?: Auth }, cb: (err: Error | null, msg?: SrfRequest) => void): this;
    modify(sdp: string, opts?: { noAck?: boolean; headers?: SipHeaders; auth?: Auth }): Promise<string>;
    modify(opts: {
      noAck?: boolean;
      headers?: SipHeaders;
      auth?: Auth;
    }): Promise<{ sdp: string; ack: (sdp: string) => void } | string>;
    request(opts: {
      method: SipMethod;
      headers?: SipHeaders;
      body?: string;
      auth?: Auth;
      noAck?: boolean;
    }): Promise<SrfResponse>;
    /** called for every response, provisional ones too; `ack` only with noAck, no body and a 200 to INVITE */
    request(
      opts: { method: SipMethod; headers?: SipHeaders; body?: string; noAck?: boolean },
      cb: (err: Error | null, res: SrfResponse, ack?: (opts?: { body?: string }) => void) => void,
    ): this;
  }

  interface DialogStateInfo {
    state: string;
    direction: string;
    aor: string;
    callId: string;
    localTag: string;
    remoteTag?: string;
    id: string;
  }

  interface CreateUASOptions {
    localSdp?: string | (() => string | Promise<string>);
    body?: string | (() => string | Promise<string>);
    headers?: SipHeaders;
    dialogStateEmitter?: EventEmitter;
  }
  interface CreateUACOptions {
    uri?: string;
    method?: 'INVITE' | 'SUBSCRIBE';
    localSdp?: string;
    headers?: SipHeaders;
    proxy?: string;
    auth?: Auth;
    noAck?: boolean;
    callingNumber?: string;
    callingName?: string;
    calledNumber?: string;
    followRedirects?: boolean;
    keepUriOnRedirect?: boolean;
    dialogStateEmitter?: EventEmitter;
  }
  interface Pending3pcc {
    sdp: string;
    res: SrfResponse;
    ack(localSdp: string): Promise<Dialog>;
    destroy(): Promise<void>;
  }
  interface ProgressCallbacks {
    /** node style: err first */
    cbRequest?: (err: Error | null, req: SrfRequest) => void;
    cbProvisional?: (res: SrfResponse) => void;
  }
  interface CreateB2BUAOptions extends Omit<CreateUACOptions, 'localSdp' | 'method'> {
    localSdpA?: string | ((sdp: string, res: SrfResponse) => string | Promise<string>);
    localSdpB?: string | ((sdp: string) => string | Promise<string>);
    responseHeaders?: SipHeaders | ((uacRes: SrfResponse, headers: SipHeaders) => SipHeaders | null);
    proxyRequestHeaders?: string[];
    proxyResponseHeaders?: string[];
    passFailure?: boolean;
    passProvisionalResponses?: boolean;
  }
  interface RequestOptions {
    method: SipMethod;
    uri?: string;
    headers?: SipHeaders;
    body?: string;
    proxy?: string;
    auth?: Auth;
  }
  class SipError extends Error {
    constructor(status: number, reason?: string);
    status: number;
    reason?: string;
    res?: SrfResponse;
  }
  type Next = (err?: Error) => void;
  type Handler = (req: SrfRequest, res: SrfResponse, next: Next) => void;
  interface SrfEvents {
    connect: [err: Error | null, hostport?: string, serverVersion?: string, localHostports?: string];
    listening: [];
    reconnecting: [info: { delay: number; attempt: number }];
    error: [err: Error, socket?: Socket];
    close: [socket?: Socket];
    'cdr:attempt': [source: string, time: string, msg: SipMessage];
    'cdr:start': [source: string, time: string, role: string, msg: SipMessage];
    'cdr:stop': [source: string, time: string, reason: string, msg: SipMessage];
  }
}

declare class Srf extends EventEmitter<Srf.SrfEvents> {
  constructor(tags?: string | string[]);
  locals: Record<string, unknown>;
  readonly socket: Socket;
  readonly idle: boolean;
  /** NOT a promise at run time: returns at once; wait for the 'connect' event */
  connect(opts: Srf.ConnectOptions, cb?: (err: Error | null, hostport?: string) => void): unknown;
  listen(opts: Srf.ListenOptions, cb?: () => void): Server;
  disconnect(socket?: Socket): void;
  close(): void;
  use(handler: Srf.Handler): this;
  use(method: string, handler: Srf.Handler): this;
  endSession(resOrReq: Srf.SrfResponse | Srf.SrfRequest): void;
  invite(h: Srf.Handler): this;
  ack(h: Srf.Handler): this;
  bye(h: Srf.Handler): this;
  cancel(h: Srf.Handler): this;
  info(h: Srf.Handler): this;
  message(h: Srf.Handler): this;
  notify(h: Srf.Handler): this;
  options(h: Srf.Handler): this;
  prack(h: Srf.Handler): this;
  publish(h: Srf.Handler): this;
  refer(h: Srf.Handler): this;
  register(h: Srf.Handler): this;
  subscribe(h: Srf.Handler): this;
  update(h: Srf.Handler): this;
  createUAS(req: Srf.SrfRequest, res: Srf.SrfResponse, opts?: Srf.CreateUASOptions): Promise<Srf.Dialog>;
  /** the callback runs before the next frame of the control connection is read; the promise only after it */
  createUAS(
    req: Srf.SrfRequest,
    res: Srf.SrfResponse,
    opts: Srf.CreateUASOptions,
    cb: (err: Error | null, dialog?: Srf.Dialog) => void,
  ): this;
  createUAC(
    uri: string,
    opts: Srf.CreateUACOptions & { noAck: true },
    cbs?: Srf.ProgressCallbacks,
  ): Promise<Srf.Pending3pcc>;
  createUAC(uri: string, opts: Srf.CreateUACOptions, cbs?: Srf.ProgressCallbacks): Promise<Srf.Dialog>;
  /** the callback runs before the next frame of the control connection is read; the promise only after it */
  createUAC(
    uri: string,
    opts: Srf.CreateUACOptions,
    cbs: Srf.ProgressCallbacks,
    cb: (err: Error | null, made?: Srf.Dialog | Srf.Pending3pcc) => void,
  ): this;
  createB2BUA(
    req: Srf.SrfRequest,
    res: Srf.SrfResponse,
    uri: string,
    opts?: Srf.CreateB2BUAOptions,
    cbs?: Srf.ProgressCallbacks & { cbFinalizedUac?: (uac: Srf.Dialog) => void },
  ): Promise<{ uas: Srf.Dialog; uac: Srf.Dialog }>;
  proxyRequest(req: Srf.SrfRequest, destination: string | string[], opts?: Srf.ProxyOptions): Promise<Srf.ProxyResult>;
  request(uri: string, opts: Srf.RequestOptions): Promise<Srf.SrfRequest>;
  request(socket: Socket, uri: string, opts: Srf.RequestOptions): Promise<Srf.SrfRequest>;
  findDialogById(id: string): Srf.Dialog | undefined;
  findDialogByCallIDAndFromTag(callId: string, tag: string): Srf.Dialog | undefined;
  addDialog(d: Srf.Dialog): void;
  removeDialog(d: Srf.Dialog): void;
  static parseUri(uri: string): Srf.ParsedUri | undefined;
  static stringifyUri(uri: object): string;
  static readonly DialogState: Record<
    'Trying' | 'Proceeding' | 'Early' | 'Confirmed' | 'Terminated' | 'Rejected' | 'Cancelled',
    string
  >;
  static readonly DialogDirection: Record<'Initiator' | 'Recipient', string>;
}
export = Srf;
