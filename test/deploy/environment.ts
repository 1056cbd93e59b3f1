/** The names that DESIGN 6 promises to operators, and those of the media side. */
export const names = [
  'SIP_BIND',
  'DRACHTIO_HOST',
  'DRACHTIO_PORT',
  'DRACHTIO_SECRET',
  'FREESWITCH_HOST',
  'FREESWITCH_PORT',
  'FREESWITCH_SECRET',
  'MEDIA',
  'MEDIA_SOUNDS',
  'MEDIA_LISTEN',
  'MEDIA_ADVERTISE',
  'MEDIA_BIND',
  'REDIS_URL',
  'REDIS_SENTINELS',
  'REDIS_CLUSTER_NODES',
  'HTTP_BIND',
  'OFFICE_FILE',
  'DATA_DIR',
  'SIP_TRUSTED_EDGES',
  'SIP_AUTH',
  'WEBHOOK_NETWORKS',
  'LOG_LEVEL',
  'DRAIN_TIMEOUT_SECONDS',
  'INSTANCE_ID',
];

const secrets = ['DRACHTIO_SECRET', 'FREESWITCH_SECRET', 'REDIS_URL'];

/** Whether the service reads this name; a manifest that sets another one has a mistake in it. */
export function isKnownName(name: string): boolean {
  return names.includes(name) || secrets.some((secret) => name === `${secret}_FILE`);
}
