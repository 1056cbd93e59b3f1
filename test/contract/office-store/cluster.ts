import t from 'tap';
import type { TenantId } from '../../../src/domain/names.js';
import type { OfficeDocument } from '../../../src/domain/tenant-document.js';
import { placesOf, startCluster } from '../../support/redis-cluster.js';
import { bob, instance, renamed, until } from './stage.js';

t.test('a Redis Cluster: each company lives on one node, and all instances hear of all', async (t) => {
  const nodes = await startCluster();
  t.teardown(() => Promise.all(nodes.map((node) => node.stop())));
  const place = { clusterNodes: placesOf(nodes) };
  const ids = ['acme', 'beta', 'gamma', 'delta', 'epsilon'] as TenantId[];
  const tenants = Object.fromEntries(ids.map((id) => [id, { extensions: { 101: {} } }]));
  const file: OfficeDocument = { brands: { plain: {} }, tenants };
  const [one, other] = [await instance(t, place, file), await instance(t, place, file)];
  t.same([...other.offices.current.tenants.keys()], [...ids].sort());

  for (const id of ids) {
    t.same(await one.offices.change(id, renamed(`new ${id}`)), { ok: true, version: 2 });
    const tenant = one.offices.current.tenants.get(id);
    if (tenant) t.equal(await one.offices.setPersonal(tenant, bob, { refusesPickup: true }), true);
  }
  t.match(await other.offices.changeInstallation(() => ({ ok: true, document: {} })), { ok: true, version: 2 });
  const isThere = (id: TenantId) => {
    const tenant = other.offices.current.tenants.get(id);
    return tenant?.name === `new ${id}` && tenant.extensions.get(bob)?.refusesPickup === true;
  };
  await until(() => ids.every(isThere));
  await until(() => one.offices.installation().brands === undefined);
});
