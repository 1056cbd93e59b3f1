import type { InjectOptions } from 'fastify';
import { Registry } from 'prom-client';
import type { Dialect, Ports } from '../../src/adapters/http/api.js';
import { makeHttpServer } from '../../src/adapters/http/server.js';
import { makeStreams } from '../../src/adapters/http/streams.js';
import { readOfficeDocument } from '../../src/adapters/office/office-document.js';
import { hashPin } from '../../src/adapters/office/pin-hash.js';
import type { CallId, Extension, TenantId } from '../../src/domain/names.js';
import type { Office } from '../../src/domain/office.js';
import type { Refusal } from '../../src/domain/outcome.js';
import { tenantOf } from '../../src/domain/tenant.js';
import type { Fault, OfficeDocument, TenantDocument } from '../../src/domain/tenant-document.js';
import { type Token, type TokenGrant, type TokenId, tokenText } from '../../src/domain/token.js';
import type { ActRequest, Acts, ChangeRequest } from '../../src/flows/act-by-program.js';
import type { KnownCall } from '../../src/flows/call-directory.js';
import type { NumberedNews } from '../../src/flows/news.js';
import type { Personal } from '../../src/flows/office-store.js';
import type { Offices } from '../../src/flows/offices.js';
import type { OrderRecord } from '../../src/flows/orders.js';
import type { Replaced, ReplaceRequest } from '../../src/flows/replace-phone.js';
import type { Ordered, SendCallRequest } from '../../src/flows/send-call.js';
import type { KnownSupervision } from '../../src/flows/supervision-directory.js';

/** Who closes the server when the test is over; tap's `t` is one. */
interface Stage {
  teardown(last: () => Promise<void>): unknown;
}

/** What a server of a test is made of. */
export interface StageOptions {
  readonly dialects: readonly Dialect[];
  readonly office?: OfficeDocument;
}

/** Two companies alike in everything but their names, of two brands. */
export const twoCompanies = (): OfficeDocument => ({
  brands: { nordic: { codes: { pickup: ['*95', '**'] } }, other: {} },
  tenants: {
    acme: { ...company('a'), brand: 'nordic', domains: ['acme.example'], default: true },
    globex: { ...company('b'), brand: 'other', domains: ['globex.example'] },
  },
});

const company = (digit: string): TenantDocument => ({
  name: `Company ${digit}`,
  customer: digit.repeat(24),
  users: { '12': { name: 'Alice Adams', context: 'user' } },
  extensions: Object.fromEntries(
    ['100', '101', '102', '103'].map((number, index) => [
      number,
      { name: `Phone ${number}`, id: `${digit.repeat(20)}0${number}`, ...(index < 2 && { user: '12' }) },
    ]),
  ),
  pickupGroups: { sales: { id: 1, members: ['100', '101', '102'] }, support: { id: 2, members: ['103'] } },
});

/** The tokens of every test, by role; `stranger` is OWNER of the other company. */
const grants = {
  viewer: { role: 'VIEWER', tenant: 'acme', extension: '100' },
  manager: { role: 'MANAGER', tenant: 'acme' },
  owner: { role: 'OWNER', tenant: 'acme' },
  personal: { role: 'PERSONAL', tenant: 'acme', extension: '102' },
  reseller: { role: 'RESELLER', brand: 'nordic' },
  otherReseller: { role: 'RESELLER', brand: 'other' },
  admin: { role: 'ADMIN' },
  stranger: { role: 'OWNER', tenant: 'globex' },
} as const;

/** The name of one of the tokens of every test. */
export type Who = keyof typeof grants;

/** A server over memory, and a look at everything behind it. */
export const openStage = (t: Stage, { dialects, office = twoCompanies() }: StageOptions) => {
  const documents = memoryOffices(office);
  const book = new Map<string, Token>();
  const issue = (grant: Omit<TokenGrant, 'name'>, name: string): string => {
    const id = book.size.toString(16).padStart(12, '0') as TokenId;
    const text = tokenText(id, String(book.size).padStart(43, 's'));
    book.set(text, { ...grant, id, name, createdAt: 0 });
    return text;
  };
  const texts = Object.fromEntries(
    Object.entries(grants).map(([who, grant]) => [who, issue(grant as Omit<TokenGrant, 'name'>, who)]),
  ) as Record<Who, string>;

  const calls: KnownCall[] = [];
  const supervisions: KnownSupervision[] = [];
  const orders: SendCallRequest[] = [];
  const sent: { to: Extension; text: string }[] = [];
  const news = memoryNews();
  /** What the next orders come to, and the orders that can be found again. */
  const send: {
    answer: (request: SendCallRequest) => Ordered;
    before: (key: string) => Ordered | undefined;
    found: OrderRecord[];
  } = {
    before: () => undefined,
    answer: ({ call, target, sendTo }) => ({
      ok: true,
      repeated: false,
      order: { id: 'order1', call, target, sendTo, state: 'pending' },
    }),
    found: [],
  };
  const acts = memoryActs();
  /** What becomes of the next wish to change phones, and every wish so far. */
  const replacing: { answer: Replaced; asked: ReplaceRequest[] } = {
    answer: { ok: true, became: 'changed-back' },
    asked: [],
  };
  const away = { isAway: false };
  const reach = <T>(value: T): Promise<T> =>
    away.isAway ? Promise.reject(new Error('redis at 10.0.0.1 refused')) : Promise.resolve(value);

  const ports: Ports = {
    offices: documents.offices(away),
    tokens: { find: (text) => reach(book.get(text)) },
    calls: {
      list: (tenant) => reach(calls.filter((call) => call.tenant === tenant)),
      find: (tenant, id) => reach(calls.find((call) => call.tenant === tenant && call.id === id)),
    },
    supervisions: {
      list: (tenant) => reach(supervisions.filter((each) => each.of.tenant === tenant)),
      find: (tenant, id) => reach(supervisions.find((each) => each.of.tenant === tenant && each.id === id)),
    },
    sendCall: {
      order: async (request) => {
        orders.push(request);
        return send.answer(request);
      },
      repeated: (_tenant, key) => reach(send.before(key.name)),
      find: (_tenant, id) => reach(send.found.find((order) => order.id === id)),
    },
    acts: acts.port(reach),
    news: news.port(reach),
    messages: {
      send: (_tenant, to, { text }) => {
        sent.push({ to, text });
        return reach([{ extension: to, phone: 'phone-1', status: 200 }]);
      },
    },
    replacePhone: async (request) => {
      replacing.asked.push(request);
      return replacing.answer;
    },
    hashPin,
  };

  const lines: Record<string, unknown>[] = [];
  const log = memoryLog(lines);
  const failures: string[] = [];
  const answered: { method: string; route: string; status: number }[] = [];
  const streams = makeStreams();
  const app = makeHttpServer({
    registry: new Registry(),
    health: { checks: () => ({}) },
    ports,
    dialects,
    meter: {
      authFailed: (reason) => void failures.push(reason),
      httpAnswered: (labels) => void answered.push(labels),
    },
    log,
    version: '1.2.3',
    streams,
  });
  t.teardown(() => app.close());

  /** One request as one of the tokens; `undefined` shows none. */
  const ask = async (who: Who | undefined, line: string, body?: unknown, headers: Record<string, string> = {}) => {
    const [method = 'GET', url = '/'] = line.split(' ');
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const answer = await app.inject({
      method: method as NonNullable<InjectOptions['method']>,
      url,
      headers: {
        ...(who && { authorization: `Bearer ${texts[who]}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { payload: text }),
    });
    const type = String(answer.headers['content-type'] ?? '');
    return {
      status: answer.statusCode,
      headers: answer.headers,
      text: answer.body,
      // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
      json: (type.includes('json') && answer.body !== '' ? JSON.parse(answer.body) : undefined) as any,
    };
  };

  return {
    app,
    ask,
    texts,
    issue,
    /** A token is revoked. */
    revoke: (text: string): void => void book.delete(text),
    documents,
    calls,
    supervisions,
    acts,
    orders,
    send,
    sent,
    replacing,
    news,
    away,
    lines,
    failures,
    answered,
    streams,
  };
};

/** Acts on answered calls, and what becomes of the next ones. */
const memoryActs = () => {
  const acts = {
    orders: [] as ActRequest[],
    changes: [] as ChangeRequest[],
    /** Undefined: it is done. */
    refusal: undefined as Refusal | 'key-reused' | undefined,
    found: [] as OrderRecord[],
    changed: (_request: ChangeRequest): void => undefined,
    port: (reach: <T>(value: T) => Promise<T>): Acts => ({
      order: async (request) => {
        acts.orders.push(request);
        if (acts.refusal) return { ok: false, refusal: acts.refusal };
        const { act, by: sendTo, extension: target, call = 'call1' as CallId } = request;
        return { ok: true, repeated: false, order: { id: 'act1', call, target, sendTo, act, state: 'pending' } };
      },
      change: async (request) => {
        acts.changes.push(request);
        if (acts.refusal !== 'key-reused' && acts.refusal) return acts.refusal;
        acts.changed(request);
        return undefined;
      },
      find: (_tenant, id) => reach(acts.found.find((each) => each.id === id)),
    }),
  };
  return acts;
};

const memoryLog = (lines: Record<string, unknown>[]) => {
  const say = (level: string) => (facts: object, event: string) => void lines.push({ level, event, ...facts });
  const log = {
    debug: say('debug'),
    info: say('info'),
    warn: say('warn'),
    error: say('error'),
    child: () => log,
  };
  return log;
};

/** The documents' own checks, as they are before every save. */
const faultsOf = (office: OfficeDocument): Fault[] => {
  const read = readOfficeDocument(office);
  return read.ok ? [] : read.faults;
};

/** The documents of an office in memory, and the office that is made of them. */
const memoryOffices = (start: OfficeDocument) => {
  let office = structuredClone(start);
  const versions = new Map<string, number>();
  const personal = new Map<string, Record<string, Personal>>();
  const made = (): Office => {
    const tenants = Object.entries(office.tenants).map(([id, document]) =>
      tenantOf({
        id: id as TenantId,
        version: versions.get(id) ?? 1,
        document,
        personal: personal.get(id) ?? {},
        installation: office,
      }),
    );
    return {
      tenants: new Map(tenants.map((tenant) => [tenant.id, tenant])),
      defaultTenant: tenants.find(({ id }) => office.tenants[id]?.default),
    };
  };
  let current = made();
  const save = (key: string, next: OfficeDocument) => {
    office = structuredClone(next);
    versions.set(key, (versions.get(key) ?? 1) + 1);
    current = made();
    return { ok: true as const, version: versions.get(key) ?? 1 };
  };
  const attempt = (key: string, next: OfficeDocument) => {
    const faults = faultsOf(next);
    return faults.length > 0 ? { ok: false as const, why: 'faults' as const, faults } : save(key, next);
  };

  const offices = (away: { isAway: boolean }): Offices => ({
    get current() {
      return current;
    },
    document: (id) => office.tenants[id],
    installation: () => ({ ...(office.brands && { brands: office.brands }) }),
    change: async (id, edit) => {
      if (away.isAway) return { ok: false, why: 'store-unreachable' };
      const document = office.tenants[id];
      if (!document) return { ok: false, why: 'no-such-tenant' };
      const edited = edit(structuredClone(document));
      if (!edited.ok) return { ok: false, why: 'refused', refusal: edited.refusal };
      return attempt(id, { ...office, tenants: { ...office.tenants, [id]: edited.document } });
    },
    changeInstallation: async (edit) => {
      if (away.isAway) return { ok: false, why: 'store-unreachable' };
      const edited = edit(structuredClone({ brands: office.brands ?? {} }));
      if (!edited.ok) return { ok: false, why: 'refused', refusal: edited.refusal };
      return attempt('', { ...edited.document, tenants: office.tenants });
    },
    setPersonal: async (tenant, extension, said) => {
      if (away.isAway) return false;
      const all = personal.get(tenant.id) ?? {};
      personal.set(tenant.id, { ...all, [extension]: { ...all[extension], ...said } });
      current = made();
      return true;
    },
  });
  return {
    offices,
    /** What is stored now. */
    get now(): OfficeDocument {
      return office;
    },
    get current(): Office {
      return current;
    },
    version: (id: string) => versions.get(id) ?? 1,
    /** Changes what is stored, as another writer would. */
    set: (change: (office: OfficeDocument) => void) => {
      const next = structuredClone(office);
      change(next);
      save('', next);
    },
  };
};

const memoryNews = () => {
  const all: (NumberedNews & { tenant: string })[] = [];
  const listeners = new Set<{ tenant: string; tell: (news: NumberedNews) => void }>();
  let hold: Promise<void> | undefined;
  return {
    /** Whoever reads the past waits until the returned function is called. */
    holds: (): (() => void) => {
      let release = () => {};
      hold = new Promise((done) => {
        release = done;
      });
      return release;
    },
    /** Something happens. */
    tell: (tenant: string, news: NumberedNews) => {
      all.push({ ...news, tenant });
      for (const listener of listeners) if (listener.tenant === tenant) listener.tell(news);
    },
    /** Something has happened that can be read, and is told when the returned function is called. */
    tellsLater: (tenant: string, news: NumberedNews): (() => void) => {
      all.push({ ...news, tenant });
      return () => {
        for (const listener of listeners) if (listener.tenant === tenant) listener.tell(news);
      };
    },
    /** The channel brings what happened before only now. */
    comesLate: (tenant: string, news: NumberedNews) => {
      for (const listener of listeners) if (listener.tenant === tenant) listener.tell(news);
    },
    get listeners() {
      return listeners.size;
    },
    port: (reach: <T>(value: T) => Promise<T>): Ports['news'] => ({
      since: async (tenant, id) => {
        await hold;
        const at = all.findIndex((news) => news.id === id);
        return reach(all.slice(at + 1).filter((news) => news.tenant === tenant));
      },
      listen: (tenant, tell) => {
        const listener = { tenant, tell };
        listeners.add(listener);
        return () => void listeners.delete(listener);
      },
    }),
  };
};
