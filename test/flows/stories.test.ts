import './routing.js';
import './picking.js';
import './picking-meanwhile.js';
import './draining.js';
