// The bare program: the least that a call and a "pickup" need on plain drachtio-srf. No rules, no store, no claim, no
// crossing of codecs: each party gets the other's offer as it is, at once. It is the floor that the service is held to.
// Started by the bench: bare.mjs HOST PORT SECRET PHONES, PHONES being the host:port where every phone is.
import Srf from 'drachtio-srf';

const [host, port, secret, phones] = process.argv.slice(2);
const srf = new Srf();
/** Calls that ring, by the number that is called. */
const ringing = new Map();

const endWith = (leg, other) => {
  // A BYE in the same breath as the news of our 200 was handled before anybody could listen.
  if (leg.connected) leg.on('destroy', () => other.destroy());
  else other.destroy();
};

const join = (a, b) => {
  endWith(a, b);
  endWith(b, a);
};

const route = async (req, res, number) => {
  const call = { req, res, sent: undefined, isPicked: false };
  ringing.set(number, call);
  const progress = {
    cbRequest: (_error, sent) => {
      call.sent = sent;
    },
    cbProvisional: ({ status }) => {
      if (status === 180) res.send(180);
    },
  };
  try {
    const callee = await srf.createUAC(`sip:${number}@${phones}`, { localSdp: req.body }, progress);
    ringing.delete(number);
    join(callee, await srf.createUAS(req, res, { localSdp: callee.remote.sdp }));
  } catch (error) {
    if (call.isPicked) return;
    ringing.delete(number);
    res.send(error.status ?? 500);
  }
};

const pickUp = async (req, res, number) => {
  const call = ringing.get(number);
  if (!call) return res.send(404);
  ringing.delete(number);
  call.isPicked = true;
  const answers = [
    srf.createUAS(req, res, { localSdp: call.req.body }),
    srf.createUAS(call.req, call.res, { localSdp: req.body }),
  ];
  call.sent.cancel();
  const [picker, caller] = await Promise.all(answers);
  join(picker, caller);
};

srf.invite((req, res) => {
  const [, code, number] = /^sip:(\*95)?(\d+)@/.exec(req.uri);
  const story = code ? pickUp : route;
  story(req, res, number).catch((error) => {
    console.error(error);
    res.send(500);
  });
});
srf.on('connect', (error, addresses) => {
  if (error) throw error;
  console.log(JSON.stringify({ msg: 'ready', sip: addresses.split(',') }));
});
srf.on('error', (error) => console.error(error.message));
process.on('SIGTERM', () => process.exit(0));
srf.connect({ host, port: Number(port), secret });
