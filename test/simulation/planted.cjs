exports.planted = () => {
	throw new Error('nothing planted yet');
};
