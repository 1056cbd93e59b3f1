import { Document, isCollection, isPair, isScalar, visit } from 'yaml';
import type { OfficeDocument, TenantDocument } from '../../domain/tenant-document.js';
import type { WebhookDocument } from '../../domain/tenant-webhook.js';

/** A line may be so long; what does not fit stands item by item. */
const width = 120;

/** An office as YAML that can be read and imported again: short lists and entries in one line each. */
export const writeOffice = (office: OfficeDocument, { hasPasswords }: { hasPasswords: boolean }): string => {
  const tenants = Object.entries(office.tenants).map(([id, tenant]) => [
    id,
    hasPasswords ? tenant : withoutPasswords(tenant),
  ]);
  const document = new Document({ ...office, tenants: Object.fromEntries(tenants) });
  visit(document, {
    Collection: (_, node, path) => {
      const isFlat = isCollection(node) && node.items.every((item) => isScalar(isPair(item) ? item.value : item));
      const indent = 2 * path.length;
      if (isFlat && path.length > 4 && JSON.stringify(node).length + indent < width) node.flow = true;
    },
  });
  return document.toString({ lineWidth: width, singleQuote: true });
};

const withoutPasswords = (tenant: TenantDocument): TenantDocument => ({
  ...tenant,
  ...(tenant.webhook && { webhook: withoutSecret(tenant.webhook) }),
  extensions: Object.fromEntries(
    Object.entries(tenant.extensions).map(([number, { password: _, replacePin: __, ...entry }]) => [number, entry]),
  ),
});

const withoutSecret = ({ secret: _, ...webhook }: WebhookDocument): WebhookDocument => webhook;
