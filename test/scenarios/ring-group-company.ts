/** An id of 24 digits. */
export const id = (digit: string): string => digit.repeat(24);

/** A company with groups of every kind, and a trunk at this port. */
export const companyWith = (trunkPort: number): string => `
sipAuth: none
tenants:
  acme:
    default: true
    domains: [acme.example]
    trunk: sip:127.0.0.89:${trunkPort}
    callControl: { pickup_all: false }
    extensions:
      "100": { name: Alice Adams }
      "101": { name: Bob Brown }
      "102": { name: Carol Clark }
      "103": { name: Dave Davis }
      "104": { name: Eve Evans, id: "${id('4')}" }
      "105": { name: Frank Ford }
      "106": { name: Grace Green, presence: away }
      "107": { name: Heidi Hill, presence: do-not-disturb }
      "108": { name: Ivan Irwin }
      "109": { name: Judy Jones }
    groups:
      ${id('a')}:
        { name: all, number: "800", members: ["100", "101", "102", "106", "107", "108"], controllers: ["105"], pickup: true, strategy: ALL, ringTime: 1, timeoutGoto: "${id('b')}" }
      ${id('b')}: { name: in turn, number: "801", members: ["103", "102"], strategy: SEQUENTIAL, ringTime: 1, timeoutGoto: "${id('4')}" }
      ${id('c')}: { name: by chance, number: "802", members: ["101", "102"], strategy: RANDOM, ringTime: 1, timeoutGoto: "${id('d')}" }
      ${id('d')}: { name: round, number: "803", members: ["101"], strategy: ALL, ringTime: 1, timeoutGoto: "${id('c')}" }
      ${id('e')}: { name: by-passed, number: "804", members: ["101"], redirect: "104", controllers: ["105"], pickup: true }
      ${id('f')}: { name: nesting, number: "805", members: ["103", "809", "101"], strategy: SEQUENTIAL, ringTime: 1 }
      "${id('9')}": { name: nested, number: "809", members: ["101", "102", "805"], controllers: ["105"], pickup: true }
      "${id('6')}": { name: greeting, number: "806", members: ["101"], startAudio: "${id('0')}" }
      "${id('7')}": { name: long greeting, number: "807", members: ["101"], controllers: ["105"], pickup: true, startAudio: "${id('1')}" }
      "${id('8')}": { name: silent, number: "808", members: ["109"], controllers: ["105"], pickup: true, ringTime: 1, timeoutGoto: "${id('2')}" }
    sounds: { "${id('0')}": { file: missing }, "${id('1')}": { name: Hello, file: hello } }
    outsideNumbers: { "${id('2')}": { number: "+4587654321", name: Night desk } }
`;
