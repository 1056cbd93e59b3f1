import type { Fault, TenantDocument } from '../tenant-document.js';

/** A webhook at an address that nothing can be posted to, or that says a password in the open. */
export const webhookFaults = ({ webhook }: TenantDocument): Fault[] => {
  const why = webhook && faultOfUrl(webhook.url);
  return why === undefined ? [] : [{ path: ['webhook', 'url'], why }];
};

const faultOfUrl = (text: string): string | undefined => {
  if (!URL.canParse(text)) return 'is no URL';
  const { protocol, username, password, hash } = new URL(text);
  if (protocol !== 'https:' && protocol !== 'http:') return 'must begin with https:// or http://';
  if (username !== '' || password !== '') return 'must not name a user or a password: posts are signed';
  return hash === '' ? undefined : 'must not have a fragment (#)';
};
