import { BlockList, isIPv6 } from 'node:net';
import { acrossChange } from '../../domain/changed-phones.js';
import { type Extension, readExtension, readTenantId } from '../../domain/names.js';
import { domainOf, type Office, type Tenant, tenantOfDomain } from '../../domain/office.js';
import { type Digest, readCredentials } from './digest.js';
import { parseUri, type SipRequest } from './srf.js';

/** The header by which the edge says whom it has authenticated: `acme/102`. It strips the phones' own. */
export const identityHeader = 'X-Callpickup-Identity';

/**
 * Who sent a request, as far as it is proven (DESIGN 3.5): an extension of a tenant; an outside caller that the edge
 * let in; nobody yet, to be challenged; or nobody at all. `number` is what the phone registers by, where the extension has
 * changed phones.
 */
export type Sender =
  | { kind: 'extension'; tenant: Tenant; extension: Extension; number?: Extension }
  | { kind: 'outside'; tenant: Tenant }
  | { kind: 'challenge'; value: string }
  | { kind: 'forbidden'; why: string };

/** What identities are judged by. */
export interface IdentityDeps {
  /** The office as it is now. */
  readonly office: () => Office;
  readonly digest: Digest;
  readonly auth: 'digest' | 'none';
  /** CIDR ranges whose identity header is believed. */
  readonly trustedEdges: readonly string[];
}

/** Says who sent a request. Never by From, except where the office asked for no authentication on loopback. */
export const makeIdentify = (deps: IdentityDeps): ((req: SipRequest) => Sender) => {
  const edges = blockListOf(deps.trustedEdges);
  const loopback = blockListOf(['127.0.0.0/8', '::1/128']);
  return (req) => {
    if (deps.trustedEdges.length > 0 && isIn(edges, req.source_address)) return byEdge(deps, req);
    if (deps.auth === 'digest') return byDigest(deps, req);
    return isIn(loopback, req.source_address)
      ? byFrom(deps, req)
      : { kind: 'forbidden', why: 'without authentication only loopback is served' };
  };
};

/** The tenant that a request is for: by the domain it was sent to, or the office's default (DESIGN 6). */
export const tenantOfRequest = (office: Office, req: SipRequest): Tenant | undefined =>
  tenantOfDomain(office, parseUri(req.uri)?.host ?? '') ?? office.defaultTenant;

/** A phone proves what it registers by; whose phone it is at present, the company knows. */
const extensionAt = (tenant: Tenant, number: Extension): Sender => {
  const extension = acrossChange(tenant, number);
  return { kind: 'extension', tenant, extension, ...(extension !== number && { number }) };
};

const byEdge = ({ office }: IdentityDeps, req: SipRequest): Sender => {
  const values = identityHeaders(req);
  if (values.length === 0) {
    const tenant = tenantOfRequest(office(), req);
    return tenant ? { kind: 'outside', tenant } : { kind: 'forbidden', why: 'no tenant has this domain' };
  }
  const [[spelling, value] = ['', '']] = values;
  if (values.length > 1 || spelling !== identityHeader) {
    return { kind: 'forbidden', why: 'the identity header is not the one of the edge' };
  }
  const [tenantName = '', number = '', ...more] = value.split('/');
  const tenantId = readTenantId(tenantName);
  const tenant = tenantId && office().tenants.get(tenantId);
  const extension = readExtension(number);
  // Two headers arrive joined by a comma, which is no part of either name: whoever smuggled one in gets nothing.
  if (!tenant || !extension || more.length > 0)
    return { kind: 'forbidden', why: 'the identity header is not tenant/extension' };
  return tenant.extensions.has(extension)
    ? extensionAt(tenant, extension)
    : { kind: 'forbidden', why: 'the tenant has no such extension' };
};

/**
 * Every header that could pass for the identity header. srf decodes percent signs in names and keeps each spelling
 * apart, so that one which the edge did not strip (`%58-Callpickup-Identity`) would be read in place of the edge's.
 */
const identityHeaders = (req: SipRequest): [name: string, value: string][] =>
  Object.entries(req.headers).filter(([name]) => name.trim().toLowerCase() === identityHeader.toLowerCase());

const byDigest = ({ office, digest }: IdentityDeps, req: SipRequest): Sender => {
  const tenant = tenantOfRequest(office(), req);
  if (!tenant) return { kind: 'forbidden', why: 'no tenant has this domain' };
  const realm = domainOf(tenant);
  const credentials = readCredentials(req.get('Authorization') ?? '');
  if (credentials?.get('realm') !== realm) return { kind: 'challenge', value: digest.challenge(realm, false) };
  const extension = readExtension(credentials.get('username') ?? '');
  const password = extension && tenant.extensions.get(extension)?.password;
  const verdict = digest.verify(credentials, { method: req.method, uri: req.uri, realm, password });
  if (verdict === 'right' && extension) return extensionAt(tenant, extension);
  return verdict === 'stale'
    ? { kind: 'challenge', value: digest.challenge(realm, true) }
    : { kind: 'forbidden', why: 'wrong credentials' };
};

const byFrom = ({ office }: IdentityDeps, req: SipRequest): Sender => {
  const tenant = tenantOfRequest(office(), req);
  if (!tenant) return { kind: 'forbidden', why: 'no tenant has this domain' };
  const extension = readExtension(parseUri(req.getParsedHeader('from').uri)?.user ?? '');
  return extension && tenant.extensions.has(extension) ? extensionAt(tenant, extension) : { kind: 'outside', tenant };
};

const blockListOf = (ranges: readonly string[]): BlockList => {
  const list = new BlockList();
  for (const range of ranges) {
    const [address = '', bits] = range.split('/');
    const family = isIPv6(address) ? 'ipv6' : 'ipv4';
    list.addSubnet(address, bits === undefined ? (family === 'ipv6' ? 128 : 32) : Number(bits), family);
  }
  return list;
};

const isIn = (list: BlockList, address: string): boolean => list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
