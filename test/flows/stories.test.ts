import './routing.js';
import './picking.js';
import './picking-meanwhile.js';
import './forwarding.js';
import './draining.js';
