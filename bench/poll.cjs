// Loads TypeScript as the simulation does: a polling trigger can't be executed by n8n's command line.
require('../test/simulation/start.cjs');
void require('./pollOnce.mts').run(JSON.parse(process.argv[2]));
