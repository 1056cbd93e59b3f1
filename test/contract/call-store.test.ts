import './call-store/claims.js';
import './call-store/states.js';
import './call-store/walls.js';
import './call-store/scripts.js';
import './call-store/registrar.js';
import './call-store/outage.js';
import './call-store/cluster.js';
