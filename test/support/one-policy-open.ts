import { redisTokens } from '../../src/adapters/redis/token-store.js';
import type { Extension, TenantId } from '../../src/domain/names.js';
import type { Tenant } from '../../src/domain/office.js';
import { tenantOf } from '../../src/domain/tenant.js';
import type { TenantDocument } from '../../src/domain/tenant-document.js';
import type { TokenGrant } from '../../src/domain/token.js';
import { loadByRest, numbers } from './one-policy-companies.js';
import type { Asks } from './one-policy-paths.js';
import { newPhone, type Phone } from './phone.js';
import type { Chance } from './race-chance.js';
import type { Referee } from './race-referee.js';
import type { RunningService } from './service.js';

/** A company at work: its phones, its programs, and what the policy says of it. */
export interface OpenCompany {
  readonly tenant: Tenant;
  readonly phones: ReadonlyMap<Extension, Phone>;
  /** A caller from outside. */
  readonly caller: Phone;
  readonly owner: Asks;
  readonly personal: ReadonlyMap<Extension, Asks>;
  /** Pulls the plugs; resolves with what was left at the phones after they had time to end it. */
  close(): Promise<string[]>;
}

/** How a company is opened. */
export interface Opening {
  readonly id: string;
  readonly document: TenantDocument;
  /** Its rules are not in the office file: they are written through the dialects. */
  readonly byRest: boolean;
  readonly chance: Chance;
  readonly referee: Referee;
}

/** A program with a token of its own. */
const program = async ({ redis, http }: RunningService, grant: Omit<TokenGrant, 'name'>): Promise<Asks> => {
  const { text } = await redisTokens(redis as never).issue({ name: 'one policy', ...grant });
  return async (line, body) => {
    const [method = 'GET', path = '/'] = line.split(' ');
    const answer = await fetch(http + path, {
      method,
      headers: { authorization: `Bearer ${text}`, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const said = await answer.text();
    return { status: answer.status, json: said === '' ? undefined : JSON.parse(said) };
  };
};

/** Some people say of themselves that nobody, or everybody who may, may take their calls. */
const sayPersonal = async (phones: OpenCompany['phones'], chance: Chance) => {
  const said: Record<string, { refusesPickup: boolean }> = {};
  for (const [number, phone] of phones) {
    if (!chance.happens(0.15)) continue;
    const refusesPickup = chance.happens(0.6);
    const { status } = await phone.calls(refusesPickup ? '*80' : '*81').ends();
    if (status !== 603) throw new Error(`${number} could not say it: ${status}`);
    said[number] = { refusesPickup };
  }
  return said;
};

/** What is left after a while; most often nothing, and at once. */
const quiet = async (unfinished: () => string[]): Promise<string[]> => {
  for (const until = Date.now() + 5_000; unfinished().length > 0 && Date.now() < until; ) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return unfinished();
};

/** Plugs in the phones of a company, makes its tokens, loads its rules, and computes what the policy must say. */
export const openCompany = async (service: RunningService, opening: Opening): Promise<OpenCompany> => {
  const { id, document, byRest, chance, referee } = opening;
  const tenantId = id as TenantId;
  const place = { server: service.sip, domain: `${id}.example`, isForgetful: false };
  const all: Phone[] = [];
  const plug = async (number: string): Promise<Phone> => {
    const phone = await newPhone({ number, ...place });
    await phone.rtp.open();
    referee.watch(phone);
    all.push(phone);
    return phone;
  };
  const owner = await program(service, { role: 'OWNER', tenant: tenantId });
  const loaded = byRest ? await loadByRest(owner, id, document) : document;
  const phones = new Map<Extension, Phone>();
  const personal = new Map<Extension, Asks>();
  for (const number of numbers as unknown as Extension[]) {
    const phone = await plug(number);
    const { status } = await phone.registers();
    if (status !== 200) throw new Error(`${number} was not registered: ${status}`);
    phones.set(number, phone);
    personal.set(number, await program(service, { role: 'PERSONAL', tenant: tenantId, extension: number }));
  }
  const said = await sayPersonal(phones, chance);
  return {
    tenant: tenantOf({ id: tenantId, version: 1, document: loaded, personal: said, installation: {} }),
    ...{ phones, personal, owner, caller: await plug('+46855501') },
    close: async () => {
      const left = await quiet(() => all.flatMap((phone) => phone.unfinished()));
      await Promise.all(all.map((phone) => phone.close()));
      return left;
    },
  };
};
