import { aes32, aes80, candidate, crypto, overTls, pcmu, savp, table } from './offers.js';

// O9 to O12: profiles, keys, ICE.
table('O9: one transport profile', [
  {
    name: 'plain and encrypted',
    caller: pcmu,
    picker: ['m=audio 6000 RTP/SAVP 0', crypto(1, aes80, 'PICKER')],
    policy: overTls,
    why: 'transport-differs',
  },
  { name: 'with and without feedback', caller: pcmu, picker: ['m=audio 6000 RTP/AVPF 0'], why: 'transport-differs' },
  {
    name: 'best-effort encryption and none',
    caller: [...pcmu, crypto(1, aes80, 'CALLER')],
    picker: pcmu,
    why: 'transport-differs',
  },
  {
    name: 'best effort may be lowered if the site says so',
    caller: [...pcmu, crypto(1, aes80, 'CALLER')],
    picker: pcmu,
    policy: { lowerBestEffort: true },
    toCaller: ['!a=crypto'],
    toPicker: ['!a=crypto'],
  },
  {
    name: 'an unknown profile on one side',
    caller: pcmu,
    picker: ['m=audio 6000 TCP/RTP/AVP 0'],
    why: 'transport-differs',
  },
]);

table('O10: keys of SDES go across', [
  {
    name: 'the tag of the reader, the key of the other, a suite of both',
    caller: savp(4000, crypto(1, aes32, 'CALLER32'), crypto(2, aes80, 'CALLER80')),
    picker: savp(6000, crypto(7, aes80, 'PICKER80')),
    policy: overTls,
    toCaller: [crypto(2, aes80, 'PICKER80'), '!a=crypto:7'],
    toPicker: [crypto(7, aes80, 'CALLER80'), '!a=crypto:1'],
  },
  {
    name: 'no common suite',
    caller: savp(4000, crypto(1, aes32, 'CALLER')),
    picker: savp(6000, crypto(1, aes80, 'PICKER')),
    policy: overTls,
    why: 'no-common-keys',
  },
  {
    name: 'key indexes of another length',
    caller: savp(4000, crypto(1, aes80, 'CALLER|2^20|1:4')),
    picker: savp(6000, crypto(1, aes80, 'PICKER|2^20')),
    policy: overTls,
    why: 'no-common-keys',
  },
  {
    name: 'session parameters that the other does not know',
    caller: savp(4000, `${crypto(1, aes80, 'CALLER')} UNENCRYPTED_SRTCP`),
    picker: savp(6000, crypto(1, aes80, 'PICKER')),
    policy: overTls,
    why: 'no-common-keys',
  },
  {
    name: 'not where everyone can read them',
    caller: savp(4000, crypto(1, aes80, 'CALLER')),
    picker: savp(6000, crypto(1, aes80, 'PICKER')),
    why: 'keys-in-clear-signalling',
  },
  { name: 'encrypted without a key', caller: savp(4000), picker: savp(6000), policy: overTls, why: 'no-common-keys' },
]);

const dtls = (port: number, setup: string, hash = 'sha-256 AA:BB') => [
  `m=audio ${port} UDP/TLS/RTP/SAVP 0`,
  `a=setup:${setup}`,
  `a=fingerprint:${hash}`,
];

table('O11: DTLS-SRTP, the picker starts', [
  {
    name: 'both would take either role',
    caller: dtls(4000, 'actpass', 'sha-256 CA:11'),
    picker: dtls(6000, 'actpass', 'sha-256 91:CC'),
    toCaller: ['a=setup:active', 'a=fingerprint:sha-256 91:CC'],
    toPicker: ['a=setup:passive', 'a=fingerprint:sha-256 CA:11'],
  },
  {
    name: 'a picker that only waits',
    caller: dtls(4000, 'actpass'),
    picker: dtls(6000, 'passive'),
    toCaller: ['a=setup:passive'],
    toPicker: ['a=setup:active'],
  },
  { name: 'both insist', caller: dtls(4000, 'active'), picker: dtls(6000, 'active'), why: 'no-dtls-role' },
  {
    name: 'another hash',
    caller: dtls(4000, 'actpass', 'sha-1 AA'),
    picker: dtls(6000, 'actpass', 'sha-256 BB'),
    why: 'no-common-keys',
  },
  {
    name: 'no fingerprint',
    caller: dtls(4000, 'actpass'),
    picker: ['m=audio 6000 UDP/TLS/RTP/SAVP 0', 'a=setup:actpass'],
    why: 'no-common-keys',
  },
  {
    name: 'the fingerprint of the whole session',
    caller: ['a=setup:actpass', 'a=fingerprint:sha-256 5E:55', 'm=audio 4000 UDP/TLS/RTP/SAVP 0'],
    picker: dtls(6000, 'actpass'),
    toPicker: ['a=fingerprint:sha-256 5E:55'],
  },
]);

table('O12: no ICE', [
  { name: 'the caller has candidates', caller: [...pcmu, candidate], picker: pcmu, why: 'ice' },
  { name: 'the picker has credentials', caller: pcmu, picker: ['a=ice-ufrag:abcd', ...pcmu], why: 'ice' },
  { name: 'both', caller: [...pcmu, 'a=ice-ufrag:a', 'a=ice-pwd:b'], picker: [...pcmu, candidate], why: 'ice' },
  { name: 'lite', caller: ['a=ice-lite', ...pcmu], picker: pcmu, why: 'ice' },
]);
