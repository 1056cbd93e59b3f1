/** One question to `POST /v1/explain`, and its answer word by word. */
interface Row {
  readonly question: object;
  readonly refusal: string;
  readonly reason: string;
  /** Model, why, remedy. */
  readonly missing: readonly (readonly [string, string, string])[];
}

/** A row that says what the rows' own type is. */
const row = (own: Row): Row => own;

/** Refusals, by what is missing. */
export const explainRows = {
  'opted out': row({
    question: { picker: '100', act: 'pickup', target: '104' },
    refusal: 'opted-out',
    reason: '100 may not pick up calls of 104. 104 has opted out of being picked up.',
    missing: [['callee', '104 has opted out of being picked up.', '104 can dial *81 to allow it again.']],
  }),
  'opted out, and no rule allows it': row({
    question: { picker: '102', act: 'pickup', target: '104' },
    refusal: 'opted-out',
    reason: '102 may not pick up calls of 104. 104 has opted out of being picked up. And no rule allows it either.',
    missing: [
      ['callee', '104 has opted out of being picked up.', '104 can dial *81 to allow it again.'],
      [
        'pickup-group',
        'No pickup group has both 102 and 104: 102 is in back; 104 is in front.',
        'Put both into one pickup group.',
      ],
      [
        'call-control',
        'The call control document says pickup_all: false, and no share group joins 102 and 104.',
        'Set pickup_all to true, or put both into one group of pickup_share_groups.',
      ],
      [
        'group',
        '104 is a member of no group that has controllers.',
        'Make 104 a member of a group that 102 controls, with the right pickup on.',
      ],
      [
        'phone-calls',
        '102 belongs to the user 102, whose context is user: the extensions of that user only. 104 belongs to the user 104.',
        'Set the context of the user 102 to organization: all extensions of the company.',
      ],
    ],
  }),
  private: row({
    question: { picker: '103', act: 'eavesdrop', target: '105' },
    refusal: 'private-call',
    reason:
      '103 may not listen to calls of 105. The calls of 105 are private: nobody else may take, watch or join them. And no rule allows it either.',
    missing: [
      [
        'callee',
        'The calls of 105 are private: nobody else may take, watch or join them.',
        'Write private: false at the extension 105 in the office file.',
      ],
      [
        'call-control',
        'The call control document has no eavesdrop_103, so it lets 103 listen to nobody.',
        'Put 105 into a group, and add the group to eavesdrop_103.',
      ],
      [
        'group',
        '105 is a member of no group that has controllers.',
        'Make 105 a member of a group that 103 controls, with the right spy on.',
      ],
    ],
  }),
  'no shared group': row({
    question: { picker: '100', act: 'pickup', target: '102', by: 'group' },
    refusal: 'not-allowed',
    reason:
      '100 may not pick up calls of 102 without dialling its number: no rule allows it. One of the remedies is enough.',
    missing: [
      [
        'pickup-group',
        'No pickup group has both 100 and 102: 100 is in front; 102 is in back.',
        'Put both into one pickup group.',
      ],
      [
        'call-control',
        'No share group of the call control document joins 100 and 102: 100 is in none; 102 is in none.',
        'Put both into one group of pickup_share_groups.',
      ],
      [
        'group',
        '102 is a member of Support (800), and 100 does not control it.',
        'Make 100 a controller of Support (800), with the right pickup on.',
      ],
      [
        'phone-calls',
        "Without a number only calls of other extensions of one's own user are found: 100 belongs to the user 100, 102 to the user 102.",
        'Give both extensions to one user.',
      ],
    ],
  }),
  'in no group': row({
    question: { picker: '106', act: 'pickup', target: '103', by: 'group' },
    refusal: 'no-group',
    reason:
      '106 may not pick up calls of 103 without dialling its number: 106 is in no group with anybody whose calls could be picked up.',
    missing: [
      [
        'pickup-group',
        'No pickup group has both 106 and 103: 106 is in none; 103 is in back.',
        'Put both into one pickup group.',
      ],
      [
        'call-control',
        'No share group of the call control document joins 106 and 103: 106 is in none; 103 is in none.',
        'Put both into one group of pickup_share_groups.',
      ],
      [
        'group',
        '103 is a member of no group that has controllers.',
        'Make 103 a member of a group that 106 controls, with the right pickup on.',
      ],
      [
        'phone-calls',
        "Without a number only calls of other extensions of one's own user are found: 106 belongs to the user 106, 103 to the user 103.",
        'Give both extensions to one user.',
      ],
    ],
  }),
  'pickup_all: false': row({
    question: { picker: '106', act: 'pickup', target: '101' },
    refusal: 'not-allowed',
    reason: '106 may not pick up calls of 101: no rule allows it. One of the remedies is enough.',
    missing: [
      [
        'pickup-group',
        'No pickup group has both 106 and 101: 106 is in none; 101 is in front.',
        'Put both into one pickup group.',
      ],
      [
        'call-control',
        'The call control document says pickup_all: false, and no share group joins 106 and 101.',
        'Set pickup_all to true, or put both into one group of pickup_share_groups.',
      ],
      [
        'group',
        '101 is a member of Support (800), and 106 does not control it.',
        'Make 106 a controller of Support (800), with the right pickup on.',
      ],
      [
        'phone-calls',
        '106 belongs to the user 106, whose context is user: the extensions of that user only. 101 belongs to the user 101.',
        'Set the context of the user 106 to organization: all extensions of the company.',
      ],
    ],
  }),
  'controller without the flag': row({
    question: { picker: '103', act: 'steal', target: '101' },
    refusal: 'not-allowed',
    reason: '103 may not steal calls of 101: no rule allows it. One of the remedies is enough.',
    missing: [
      [
        'call-control',
        'The call control document says allow_all: false, and it has no narrower rule for stealing calls.',
        'Set allow_all to true, if everybody may do everything to all calls.',
      ],
      [
        'group',
        'Group Support (800) has 101 as a member and 103 as a controller, but its right steal is off.',
        'Turn the right steal on in Support (800).',
      ],
    ],
  }),
  'member, but no controller': row({
    question: { picker: '101', act: 'eavesdrop', target: '102' },
    refusal: 'not-allowed',
    reason: '101 may not listen to calls of 102: no rule allows it. One of the remedies is enough.',
    missing: [
      [
        'call-control',
        'The call control document has no eavesdrop_101, so it lets 101 listen to nobody.',
        'Add a group that 102 is in to eavesdrop_101: hr.',
      ],
      [
        'group',
        '102 is a member of Support (800), and 101 does not control it.',
        'Make 101 a controller of Support (800), with the right spy on.',
      ],
    ],
  }),
  'no eavesdrop_ entry': row({
    question: { picker: '106', act: 'eavesdrop', target: '103' },
    refusal: 'not-allowed',
    reason: '106 may not listen to calls of 103: no rule allows it. One of the remedies is enough.',
    missing: [
      [
        'call-control',
        'The call control document has no eavesdrop_106, so it lets 106 listen to nobody.',
        'Add a group that 103 is in to eavesdrop_106: hr.',
      ],
      [
        'group',
        '103 is a member of no group that has controllers.',
        'Make 103 a member of a group that 106 controls, with the right spy on.',
      ],
    ],
  }),
  'whisper to a group that the target is not in': row({
    question: { picker: '100', act: 'whisper', target: '106' },
    refusal: 'not-allowed',
    reason:
      '100 may not whisper into calls of 106. The field whisper_100 of the call control document names hr; 106 is in night.',
    missing: [
      [
        'call-control',
        'The field whisper_100 of the call control document names hr; 106 is in night.',
        'Add a group that 106 is in to whisper_100: night.',
      ],
    ],
  }),
  'phone replace without a group': row({
    question: { picker: '103', act: 'replace', target: '102' },
    refusal: 'not-allowed',
    reason:
      '103 may not change phones with 102. No group of phone_replace_groups has both 103 and 102: 103 is in none; 102 is in none.',
    missing: [
      [
        'call-control',
        'No group of phone_replace_groups has both 103 and 102: 103 is in none; 102 is in none.',
        'Put both into one group of phone_replace_groups.',
      ],
    ],
  }),
  'unknown extension': row({
    question: { picker: '100', act: 'pickup', target: '999' },
    refusal: 'unknown-extension',
    reason: 'The company has no extension 999.',
    missing: [['company', 'The company has no extension 999.', 'Check the number, or add the extension.']],
  }),
  "another company's extension": row({
    question: { picker: '100', act: 'pickup', target: '200' },
    refusal: 'unknown-extension',
    reason: 'The company has no extension 200.',
    missing: [['company', 'The company has no extension 200.', 'Check the number, or add the extension.']],
  }),
  'unknown group': row({
    question: { picker: '100', act: 'sms', group: '899' },
    refusal: 'unknown-group',
    reason: 'The company has no group 899.',
    missing: [['company', 'The company has no group 899.', 'Check its id or number, or add the group.']],
  }),
};
