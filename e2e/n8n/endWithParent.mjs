// Loaded into n8n by NODE_OPTIONS=--import: n8n runs in a process group of its own, so nothing would
// end it when the process that started it is killed and cannot do it any more. Plain JavaScript,
// because the Node.js 20 of n8n 1.x runs no TypeScript.
const CHECK_INTERVAL_MS = 1_000;
const GRACE_MS = 10_000;

const parent = process.ppid;
const check = setInterval(() => {
	if (process.ppid === parent) return;
	clearInterval(check);
	process.kill(process.pid, 'SIGTERM');
	// Its database has gone too, which can keep n8n from ending by itself.
	setTimeout(() => process.kill(-process.pid, 'SIGKILL'), GRACE_MS).unref();
}, CHECK_INTERVAL_MS);
check.unref();
