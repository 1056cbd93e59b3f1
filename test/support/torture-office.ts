/** The example office with a few people whom the published messages call. */
export const tortureOffice = `
sipAuth: none
tenants:
  acme:
    domains: [acme.example]
    default: true
    ringSeconds: 180
    extensions:
      '100': { name: Alice Adams }
      '101': { name: Bob Brown }
      '102': { name: Carol Clark }
      '104': { name: Eve Evans }
      '105': { name: Frank Ford }
      '109': { name: Judy Jones }
      user: { name: Ursula User }
      j.user: { name: Joe User }
      watson: { name: Tom Watson }
    pickupGroups:
      sales: ['100', '101', '102']
`;
