import { pcmu, type Row, table } from './offers.js';

// O8 and O13 to O19: directions, attributes, origins, addresses, other media.
const way = (caller: string, picker: string, answers: readonly [toCaller: string, toPicker: string]): Row => ({
  name: `${caller} and ${picker}`,
  caller: ['m=audio 4000 RTP/AVP 0', `a=${caller}`],
  picker: ['m=audio 6000 RTP/AVP 0', `a=${picker}`],
  toCaller: [`a=${answers[0]}`],
  toPicker: [`a=${answers[1]}`],
});

table('O8: who may talk', [
  way('sendrecv', 'sendrecv', ['sendrecv', 'sendrecv']),
  way('sendrecv', 'sendonly', ['sendonly', 'recvonly']),
  way('sendrecv', 'recvonly', ['recvonly', 'sendonly']),
  way('sendrecv', 'inactive', ['inactive', 'inactive']),
  way('sendonly', 'sendrecv', ['recvonly', 'sendonly']),
  way('sendonly', 'sendonly', ['inactive', 'inactive']),
  way('sendonly', 'recvonly', ['recvonly', 'sendonly']),
  way('sendonly', 'inactive', ['inactive', 'inactive']),
  way('recvonly', 'sendrecv', ['sendonly', 'recvonly']),
  way('recvonly', 'sendonly', ['sendonly', 'recvonly']),
  way('recvonly', 'recvonly', ['inactive', 'inactive']),
  way('recvonly', 'inactive', ['inactive', 'inactive']),
  way('inactive', 'sendrecv', ['inactive', 'inactive']),
  way('inactive', 'sendonly', ['inactive', 'inactive']),
  way('inactive', 'recvonly', ['inactive', 'inactive']),
  way('inactive', 'inactive', ['inactive', 'inactive']),
  {
    name: 'the old hold by address is no direction at all',
    caller: pcmu,
    picker: ['m=audio 6000 RTP/AVP 0', 'c=IN IP4 0.0.0.0', 'a=sendrecv'],
    toCaller: ['a=inactive'],
    toPicker: ['a=inactive'],
  },
  {
    name: 'a direction for the whole session holds for the line',
    caller: ['a=recvonly', 'm=audio 4000 RTP/AVP 0'],
    picker: pcmu,
    toCaller: ['a=sendonly'],
    toPicker: ['a=recvonly'],
  },
]);

const webby = (port: number, mids: readonly [string, string], extra: readonly string[]) => [
  `a=group:BUNDLE ${mids.join(' ')}`,
  `m=audio ${port} RTP/AVPF 0`,
  `a=mid:${mids[0]}`,
  'a=rtcp-mux',
  ...extra,
  `m=video ${port} RTP/AVPF 97`,
  'a=rtpmap:97 VP8/90000',
  `a=mid:${mids[1]}`,
  'a=rtcp-mux',
  'a=rtcp-fb:97 nack pli',
  'a=rtcp-fb:97 ccm fir',
];

table('O13: other attributes only if both have them', [
  {
    name: 'on one side only: gone',
    caller: [
      ...pcmu,
      'a=rtcp-mux',
      'a=rtcp-rsize',
      'a=mid:0',
      'a=extmap:1 urn:x',
      'a=ssrc:1 cname:c',
      'a=msid:a b',
      'a=label:1',
      'a=X-odd:1',
    ],
    picker: [...pcmu, 'a=silenceSupp:off - - - -', 'a=ssrc:2 cname:p', 'a=X-odd:2'],
    toCaller: ['!a=silenceSupp', '!a=ssrc', '!a=rtcp-mux', '!a=X-odd'],
    toPicker: ['!a=rtcp-mux', '!a=rtcp-rsize', '!a=mid', '!a=extmap', '!a=ssrc', '!a=msid', '!a=label', '!a=X-odd'],
  },
  {
    name: 'on both: kept, with the names of the reader',
    caller: webby(4000, ['a', 'v'], ['a=extmap:1 urn:level', 'a=extmap:2 urn:time', 'a=rtcp-rsize']),
    picker: webby(6000, ['0', '1'], ['a=extmap:1 urn:level', 'a=extmap:3 urn:time', 'a=rtcp-rsize']),
    toCaller: [
      'a=group:BUNDLE a v',
      'a=mid:a',
      'a=mid:v',
      'a=rtcp-mux',
      'a=rtcp-rsize',
      'a=extmap:1 urn:level',
      '!a=extmap:3',
      'a=rtcp-fb:97 nack pli',
    ],
    toPicker: ['a=group:BUNDLE 0 1', 'a=mid:0', 'a=mid:1', '!a=extmap:2', 'a=rtcp-fb:97 ccm fir'],
  },
  {
    name: 'nothing to bundle',
    caller: webby(4000, ['a', 'v'], []),
    picker: ['a=group:BUNDLE 0', 'm=audio 6000 RTP/AVPF 0', 'a=mid:0', 'a=rtcp-mux'],
    toCaller: ['!a=group', 'a=mid:a', 'm=video 0 RTP/AVPF 97'],
    toPicker: ['!a=group', 'a=mid:0'],
  },
]);

table('O17: each leg keeps its own origin', [
  {
    name: 'nothing of the other session is told',
    caller: pcmu,
    picker: pcmu,
    toCaller: ['o=callpickup 11 3 IN IP4 198.51.100.7', 's=-', 't=0 0'],
    toPicker: ['o=callpickup 22 5 IN IP4 192.0.2.1', 's=-', 't=0 0'],
  },
]);

table('O18: addresses', [
  {
    name: 'media goes to where the other is',
    caller: [...pcmu, 'c=IN IP4 203.0.113.4', 'a=rtcp:4009 IN IP4 203.0.113.4'],
    picker: pcmu,
    toCaller: ['c=IN IP4 198.51.100.7'],
    toPicker: ['c=IN IP4 203.0.113.4', 'a=rtcp:4009 IN IP4 203.0.113.4'],
  },
  { name: 'two families', caller: pcmu, picker: pcmu, pickerAt: 'IN IP6 2001:db8::1', why: 'address-family-differs' },
  {
    name: 'both of the new family',
    caller: pcmu,
    picker: pcmu,
    callerAt: 'IN IP6 2001:db8::1',
    pickerAt: 'IN IP6 2001:db8::2',
    toCaller: ['c=IN IP6 2001:db8::2', 'o=callpickup 11 3 IN IP6 2001:db8::2'],
  },
  { name: 'none', caller: pcmu, picker: pcmu, pickerAt: 'somewhere', why: 'no-address' },
]);

const fax = (port: number, management: string, bitRate: number) => [
  `m=image ${port} udptl t38`,
  'a=T38FaxVersion:0',
  `a=T38FaxRateManagement:${management}`,
  `a=T38MaxBitRate:${bitRate}`,
];

table('O19: fax, messages, shared floors only if both have them', [
  {
    name: 'fax with the same rules',
    caller: [...pcmu, ...fax(4002, 'transferredTCF', 14_400)],
    picker: [...pcmu, ...fax(6002, 'transferredTCF', 9600), 'a=T38Odd:1'],
    toCaller: ['m=image 6002 udptl t38', 'a=T38MaxBitRate:9600', '!a=T38Odd'],
    toPicker: ['m=image 4002 udptl t38', 'a=T38MaxBitRate:14400'],
  },
  {
    name: 'fax with other rules',
    caller: [...pcmu, ...fax(4002, 'transferredTCF', 14_400)],
    picker: [...pcmu, ...fax(6002, 'localTCF', 14_400)],
    toCaller: ['m=image 0 udptl t38'],
    toPicker: ['m=image 0 udptl t38'],
  },
  {
    name: 'on one side only',
    caller: [...pcmu, 'm=message 4002 TCP/MSRP *', 'a=path:msrp://192.0.2.1:4002/a;tcp'],
    picker: pcmu,
    toCaller: ['m=message 0 TCP/MSRP *'],
  },
  {
    name: 'two that would both connect',
    caller: [...pcmu, 'm=message 4002 TCP/MSRP *', 'a=path:msrp://192.0.2.1:4002/a;tcp'],
    picker: [...pcmu, 'm=message 6002 TCP/MSRP *', 'a=path:msrp://198.51.100.7:6002/b;tcp'],
    toCaller: ['m=message 0 TCP/MSRP *'],
    toPicker: ['m=message 0 TCP/MSRP *'],
  },
  {
    name: 'two that can do either',
    caller: [...pcmu, 'm=message 4002 TCP/MSRP *', 'a=path:msrp://192.0.2.1:4002/a;tcp', 'a=setup:actpass'],
    picker: [...pcmu, 'm=message 6002 TCP/MSRP *', 'a=path:msrp://198.51.100.7:6002/b;tcp', 'a=setup:actpass'],
    toCaller: ['m=message 6002 TCP/MSRP *', 'a=setup:active', 'a=path:msrp://198.51.100.7:6002/b;tcp'],
    toPicker: ['m=message 4002 TCP/MSRP *', 'a=setup:passive', 'a=path:msrp://192.0.2.1:4002/a;tcp'],
  },
  {
    name: 'two floors without a chair',
    caller: [...pcmu, 'm=application 4002 TCP/BFCP *', 'a=setup:actpass', 'a=floorctrl:c-s'],
    picker: [...pcmu, 'm=application 6002 TCP/BFCP *', 'a=setup:actpass', 'a=floorctrl:c-s'],
    toCaller: ['m=application 0 TCP/BFCP *'],
  },
]);
