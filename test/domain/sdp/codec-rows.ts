import { pcmu, table } from './offers.js';

// O2 to O7: which codecs, under which numbers, with which parameters.
table('O2: codecs are the same by name, clock and channels', [
  {
    name: 'a number without rtpmap is the assigned codec',
    caller: ['m=audio 4000 RTP/AVP 8'],
    picker: ['m=audio 6000 RTP/AVP 8', 'a=rtpmap:8 pcma/8000'],
    toCaller: ['m=audio 6000 RTP/AVP 8', 'a=rtpmap:8 pcma/8000'],
    toPicker: ['m=audio 4000 RTP/AVP 8', 'a=rtpmap:8 PCMA/8000'],
  },
  {
    name: 'G.722 is G.722 whichever clock a phone believes in',
    caller: ['m=audio 4000 RTP/AVP 9', 'a=rtpmap:9 G722/16000'],
    picker: ['m=audio 6000 RTP/AVP 9'],
    toCaller: ['m=audio 6000 RTP/AVP 9'],
  },
  {
    name: 'another clock is another codec',
    caller: ['m=audio 4000 RTP/AVP 96', 'a=rtpmap:96 speex/8000'],
    picker: ['m=audio 6000 RTP/AVP 96', 'a=rtpmap:96 speex/16000'],
    why: 'no-common-codec',
  },
  {
    name: 'other channels are another codec',
    caller: ['m=audio 4000 RTP/AVP 96', 'a=rtpmap:96 L16/44100/2'],
    picker: ['m=audio 6000 RTP/AVP 96', 'a=rtpmap:96 L16/44100'],
    why: 'no-common-codec',
  },
  { name: 'none in common', caller: pcmu, picker: ['m=audio 6000 RTP/AVP 8'], why: 'no-common-codec' },
  {
    name: 'digits and comfort noise alone are no conversation',
    caller: ['m=audio 4000 RTP/AVP 0 13 101', 'a=rtpmap:101 telephone-event/8000'],
    picker: ['m=audio 6000 RTP/AVP 8 13 101', 'a=rtpmap:101 telephone-event/8000'],
    why: 'no-common-codec',
  },
]);

table('O3: one audio codec, the best common one in the order of the caller', [
  {
    name: 'the caller prefers PCMA',
    caller: ['m=audio 4000 RTP/AVP 18 8 0'],
    picker: ['m=audio 6000 RTP/AVP 0 8'],
    toCaller: ['m=audio 6000 RTP/AVP 8'],
    toPicker: ['m=audio 4000 RTP/AVP 8'],
  },
  {
    name: 'and telephone-event beside it',
    caller: ['m=audio 4000 RTP/AVP 0 8 101', 'a=rtpmap:101 telephone-event/8000'],
    picker: ['m=audio 6000 RTP/AVP 8 0 101', 'a=rtpmap:101 telephone-event/8000'],
    toCaller: ['m=audio 6000 RTP/AVP 0 101'],
    toPicker: ['m=audio 4000 RTP/AVP 0 101'],
  },
]);

const opus = (payload: number, port = 4000) => [
  `m=audio ${port} RTP/AVP ${payload}`,
  `a=rtpmap:${payload} opus/48000/2`,
];

table('O4: payload numbers are equal, or it does not cross', [
  { name: 'dynamic numbers differ', caller: opus(96), picker: opus(111), why: 'payload-number-differs' },
  {
    name: 'telephone-event differs',
    caller: pcmu,
    picker: ['m=audio 6000 RTP/AVP 0 96', 'a=rtpmap:96 telephone-event/8000'],
    why: 'payload-number-differs',
  },
  {
    name: 'a clean second choice is better than none',
    caller: ['m=audio 4000 RTP/AVP 96 0', 'a=rtpmap:96 opus/48000/2'],
    picker: ['m=audio 6000 RTP/AVP 111 0', 'a=rtpmap:111 opus/48000/2'],
    toCaller: ['m=audio 6000 RTP/AVP 0'],
  },
  {
    name: 'a site may allow it: each is told the numbers of the other',
    caller: opus(96),
    picker: opus(111, 6000),
    policy: { allowPayloadRemap: true },
    toCaller: ['m=audio 6000 RTP/AVP 111', 'a=rtpmap:111 opus/48000/2'],
    toPicker: ['m=audio 4000 RTP/AVP 96', 'a=rtpmap:96 opus/48000/2'],
  },
]);

const events = (payload: number, rate: number, range?: string) => [
  `a=rtpmap:${payload} telephone-event/${rate}`,
  ...(range ? [`a=fmtp:${payload} ${range}`] : []),
];

table('O5: telephone-event only if both have it, at the clock of the codec, with the events of both', [
  {
    name: 'the ranges are intersected',
    caller: ['m=audio 4000 RTP/AVP 0 101', ...events(101, 8000, '0-16')],
    picker: ['m=audio 6000 RTP/AVP 0 101', ...events(101, 8000, '0-11,16')],
    toCaller: ['a=fmtp:101 0-11,16'],
    toPicker: ['a=fmtp:101 0-11,16'],
  },
  {
    name: 'no range means the sixteen keys',
    caller: ['m=audio 4000 RTP/AVP 0 101', ...events(101, 8000)],
    picker: ['m=audio 6000 RTP/AVP 0 101', ...events(101, 8000, '0-16')],
    toCaller: ['a=fmtp:101 0-15'],
  },
  {
    name: 'on one side only: dropped from both',
    caller: pcmu,
    picker: ['m=audio 6000 RTP/AVP 0'],
    toCaller: ['m=audio 6000 RTP/AVP 0'],
    toPicker: ['m=audio 4000 RTP/AVP 0', '!a=rtpmap:101'],
  },
  {
    name: 'no event in common: dropped from both',
    caller: ['m=audio 4000 RTP/AVP 0 101', ...events(101, 8000, '0-9')],
    picker: ['m=audio 6000 RTP/AVP 0 101', ...events(101, 8000, '32-36')],
    toCaller: ['m=audio 6000 RTP/AVP 0'],
  },
  {
    name: 'the one that has the clock of the codec',
    caller: [
      'm=audio 4000 RTP/AVP 96 101 102',
      'a=rtpmap:96 opus/48000/2',
      ...events(101, 8000),
      ...events(102, 48000),
    ],
    picker: [
      'm=audio 6000 RTP/AVP 96 102 101',
      'a=rtpmap:96 opus/48000/2',
      ...events(101, 8000),
      ...events(102, 48000),
    ],
    toCaller: ['m=audio 6000 RTP/AVP 96 102', '!a=rtpmap:101'],
    toPicker: ['m=audio 4000 RTP/AVP 96 102'],
  },
]);

const coded = (port: number, codec: string, fmtp?: string) => [
  `m=audio ${port} RTP/AVP 97`,
  `a=rtpmap:97 ${codec}`,
  ...(fmtp ? [`a=fmtp:97 ${fmtp}`] : []),
];

table('O6: parameters are those of the party described, and must be compatible', [
  {
    name: 'opus may differ',
    caller: coded(4000, 'opus/48000/2', 'useinbandfec=1;stereo=1'),
    picker: coded(6000, 'opus/48000/2', 'stereo=0'),
    toCaller: ['a=fmtp:97 stereo=0'],
    toPicker: ['a=fmtp:97 useinbandfec=1;stereo=1'],
  },
  {
    name: 'iLBC mode',
    caller: coded(4000, 'iLBC/8000', 'mode=20'),
    picker: coded(6000, 'iLBC/8000'),
    why: 'codec-parameters-differ',
  },
  {
    name: 'AMR octet-align',
    caller: coded(4000, 'AMR-WB/16000', 'octet-align=1'),
    picker: coded(6000, 'AMR-WB/16000', 'octet-align=0'),
    why: 'codec-parameters-differ',
  },
  {
    name: 'AMR mode-set, with the default for what is left out',
    caller: coded(4000, 'AMR/8000', 'octet-align=0; mode-set=0,2,4'),
    picker: coded(6000, 'AMR/8000', 'mode-set=0,2,4;max-red=0'),
    toCaller: ['a=fmtp:97 mode-set=0,2,4;max-red=0'],
  },
  {
    name: 'G.729 Annex B is silenced for both by one no',
    caller: ['m=audio 4000 RTP/AVP 18', 'a=fmtp:18 annexb=no'],
    picker: ['m=audio 6000 RTP/AVP 18', 'a=fmtp:18 annexb=yes'],
    toCaller: ['a=fmtp:18 annexb=no'],
    toPicker: ['a=fmtp:18 annexb=no'],
  },
  {
    name: 'what nobody knows must be the same',
    caller: coded(4000, 'X-NEW/8000', 'a=1'),
    picker: coded(6000, 'X-NEW/8000', 'a=2'),
    why: 'codec-parameters-differ',
  },
  {
    name: 'H.264 profiles must be equal, levels need not; packetization too',
    caller: [
      'm=audio 4000 RTP/AVP 0',
      'm=video 4002 RTP/AVP 97',
      'a=rtpmap:97 H264/90000',
      'a=fmtp:97 profile-level-id=42e01f',
    ],
    picker: [
      'm=audio 6000 RTP/AVP 0',
      'm=video 6002 RTP/AVP 97',
      'a=rtpmap:97 H264/90000',
      'a=fmtp:97 profile-level-id=42E00A',
    ],
    toCaller: ['m=video 6002 RTP/AVP 97', 'a=fmtp:97 profile-level-id=42E00A'],
  },
  {
    name: 'another H.264 packetization is rejected',
    caller: [
      'm=audio 4000 RTP/AVP 0',
      'm=video 4002 RTP/AVP 97',
      'a=rtpmap:97 H264/90000',
      'a=fmtp:97 packetization-mode=1',
    ],
    picker: ['m=audio 6000 RTP/AVP 0', 'm=video 6002 RTP/AVP 97', 'a=rtpmap:97 H264/90000'],
    toCaller: ['m=video 0 RTP/AVP 97'],
    toPicker: ['m=video 0 RTP/AVP 97'],
  },
]);

table('O7: each is told how the other wants its packets', [
  {
    name: 'ptime and maxptime go across',
    caller: ['m=audio 4000 RTP/AVP 0', 'a=ptime:20', 'a=maxptime:60'],
    picker: ['m=audio 6000 RTP/AVP 0', 'a=ptime:30'],
    toCaller: ['a=ptime:30', '!a=maxptime'],
    toPicker: ['a=ptime:20', 'a=maxptime:60'],
  },
  {
    name: 'more than the other can take',
    caller: ['m=audio 4000 RTP/AVP 0', 'a=ptime:20', 'a=maxptime:20'],
    picker: ['m=audio 6000 RTP/AVP 0', 'a=ptime:60'],
    why: 'packet-time-differs',
  },
]);
