/** Plain, in the system's font, light and dark. */
export const STYLE = `
:root {
	color-scheme: light dark;
	--page: #f6f6f4; --card: #fff; --line: #e3e3de; --text: #1d1d1b; --dim: #65655f;
	--good: #1a7f45; --bad: #c02a2a; --warning: #8a5a00; --going: #2457c5; --new: #fff3c4;
}
@media (prefers-color-scheme: dark) {
	:root {
		--page: #161615; --card: #1f1f1d; --line: #34342f; --text: #ecece6; --dim: #a3a39a;
		--good: #5fcf8e; --bad: #ff8a80; --warning: #e6b450; --going: #8ab4ff; --new: #4a4218;
	}
}
* { box-sizing: border-box; }
body {
	margin: 0 auto; padding: 2rem 1.5rem 3rem; max-width: 90rem;
	background: var(--page); color: var(--text);
	font: 15px/1.5 system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif;
}
header { display: grid; grid-template-columns: 1fr auto; gap: 0 2rem; align-items: baseline; }
h1 { margin: 0; font-size: 1.5rem; line-height: 1.3; letter-spacing: -0.01em; }
header p { margin: 0; color: var(--dim); grid-column: 1; }
#live { grid-column: 2; grid-row: 1; white-space: nowrap; font-size: 0.85rem; }
#live::before { content: ''; display: inline-block; width: 0.5rem; height: 0.5rem; margin-right: 0.5rem; border-radius: 50%; background: var(--good); }
#live.lost { color: var(--bad); }
#live.lost::before { background: var(--bad); }
.totals { display: flex; flex-wrap: wrap; gap: 0.75rem; margin: 1.5rem 0 0; padding: 0; list-style: none; }
.totals li { padding: 0.6rem 1.1rem; border: 1px solid var(--line); border-radius: 8px; background: var(--card); color: var(--dim); }
.totals b { margin-right: 0.25rem; color: var(--text); font-size: 1.25rem; font-weight: 600; font-variant-numeric: tabular-nums; }
h2 { margin: 2rem 0 0.6rem; font-size: 1.05rem; }
h3 { display: inline; margin: 0; font-size: 1rem; font-weight: 600; overflow-wrap: anywhere; }
.empty { margin: 0; padding: 1rem; border: 1px dashed var(--line); border-radius: 8px; color: var(--dim); }
.more, .clock { margin: 0.6rem 0 0; color: var(--dim); font-size: 0.85rem; overflow-wrap: anywhere; }
.scroll { overflow-x: auto; border: 1px solid var(--line); border-radius: 8px; background: var(--card); }
table { width: 100%; border-collapse: collapse; font-size: 0.875rem; }
th, td { padding: 0.5rem 0.8rem; text-align: left; vertical-align: top; }
th { color: var(--dim); font-weight: 500; white-space: nowrap; border-bottom: 1px solid var(--line); }
tbody tr + tr td { border-top: 1px solid var(--line); }
td { min-width: 3rem; max-width: 26rem; overflow-wrap: break-word; }
.rows td { padding-block: 0.35rem; max-width: none; white-space: nowrap; }
.name { font-weight: 500; }
.reason { display: block; min-width: 16rem; }
th.number, td:has(> .digits), td:has(> .nth) { text-align: right; }
.digits, .nth, time { font-variant-numeric: tabular-nums; white-space: nowrap; }
.nth, time, td i { color: var(--dim); font-style: normal; }
code { font: 0.8rem ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; color: var(--dim); }
td code { white-space: nowrap; }
.state { white-space: nowrap; }
.state::before { content: ''; display: inline-block; width: 0.5rem; height: 0.5rem; margin-right: 0.45rem; border-radius: 50%; background: currentColor; }
.good { color: var(--good); } .bad { color: var(--bad); } .warning { color: var(--warning); } .going { color: var(--going); }
details { margin-top: 0.9rem; }
details:first-of-type { margin-top: 0; }
summary { margin-bottom: 0.5rem; cursor: pointer; }
summary span { margin-left: 0.5rem; color: var(--dim); font-size: 0.85rem; }
@media (prefers-reduced-motion: no-preference) {
	.new td { animation: arrive 4s ease-out; }
	@keyframes arrive { from { background: var(--new); } }
}
@media (max-width: 40rem) {
	body { padding: 1.25rem 1rem 2rem; }
	header { grid-template-columns: 1fr; }
	#live { grid-column: 1; grid-row: auto; white-space: normal; }
}
`;
