/** What the simulation has found in the product, by a seed that showed it, in the words of the user's side. */
export const FOUND: ReadonlyArray<readonly [seed: number, what: string]> = [
	[314, 'a source connection that comes after its time-out is told when a later step fails'],
	[
		659,
		'mapping sets that a lagging list has not shown are told when they could not be reconciled',
	],
	[854, 'what comes late of several steps of one dataflow is told, of each of them'],
	[1026, 'an item waits for the run of another item no longer than its own time'],
	[1625, 'two items that want the same do not both forget an attempt that timed out'],
	[1649, 'a dataflow that comes after its time-out is no silent second one'],
	[2029, 'what may have come of the items that succeeded is told where another has failed'],
	[2056, 'a run is not started again after a try of which nobody knows whether it has started one'],
	[
		2261,
		'where a list does not show a new connection in time, the item says that there may be another',
	],
	[2439, 'a deletion that a gateway gave up on is not told as one that was not done'],
	[3138, 'where an upsert gives way to an older connection, all others of the name are told'],
	[
		3226,
		'of two lost attempts to make a dataflow, the one that lists show late is no silent second one',
	],
	[3997, 'what one try could not remove is told by the one after it, which succeeds'],
	[
		5411,
		'what an item has left in one try is told by the next, in which it fails for another reason',
	],
	[
		17765,
		'where the older connection that an upsert gives way to cannot be verified, its own one is told',
	],
	[17301, 'what three tries have made of one item is told, and one of them is returned'],
	[
		53087,
		'a token that Adobe has repeated in an earlier try is masked in the error of a later one',
	],
	[
		35273,
		'an upsert does not give way where another execution has given its connection other details',
	],
	[
		36229,
		'of two items of one name, one does not take what the other has just made for what it had lost',
	],
	[51020, 'of two dataflows of one name without times, each names the other'],
	[57504, 'details that somebody else has changed unseen are not called the same'],
	[
		59871,
		'where an answer was lost before an upsert finds several of the name, its error says that one more may come',
	],
	[
		12144,
		'that a list has not shown a connection yet is told in other words than that an answer was lost',
	],
	[
		24911,
		'an item that could not verify what it has made says what another execution has made of the name',
	],
	[
		25590,
		'what may have come of a lost answer beside what was answered is told by a later try as well',
	],
	[27367, 'what the first of three tries may have left behind is told by the third'],
	[
		62610,
		'what was there before the first attempt is not deleted as one of several that have come of it',
	],
	[
		62949,
		'what an earlier try has made is not lost where another item has made one of the name since',
	],
	[62989, 'a dataflow waits for its turn in its own time only'],
	[72341, 'what somebody else may have overwritten unseen is not told as changed'],
	[
		76299,
		'where an execution that has lost answers deletes what a twin has made, the twin says what it does not know',
	],
	[
		36646,
		'where the dataflow may use the mapping set that is kept, one more of a lost attempt is removed or told',
	],
	[
		38522,
		'behind a run that succeeded and of which Adobe shows no window, one is asked for and none is guessed',
	],
	[
		48076,
		'what came long after a lost attempt may be the connection of another execution, and is not deleted',
	],
	[50002, 'what a dataflow of a cancelled execution may need is not removed'],
	[
		70042,
		'of two retries of a run at once, one that has lost its answer says that one more may start',
	],
	[72632, 'a dataflow that nobody could look up keeps its mapping set'],
	[
		58862,
		'the ends of a dataflow are named that an attempt to delete it may have left, whatever the last one got',
	],
];
