import { settle } from '../../emulator/options.mts';
import { readWeather, weatherOptions } from '../../emulator/weather.mts';

const postgres = { server: '127.0.0.1', port: 1, database: 'd', username: 'u', password: 'p' };

describe('The weather', () => {
	it('is foul in every switch', () => {
		const fair = settle({ postgres });
		const foul = weatherOptions('foul');
		const same = Object.entries(foul).filter(
			([name, value]) => fair[name as keyof typeof fair] === value && name !== 'dateHeader',
		);
		expect(same).toStrictEqual([]);
		expect(foul).toMatchObject({ showsMaker: false, answerTypes: 'openapi', runForm: 'newer' });
	});

	it('is the same for the same number, and another one for others', () => {
		const texts = Array.from({ length: 50 }, (_, seed) => JSON.stringify(weatherOptions(seed)));
		expect(weatherOptions(7)).toStrictEqual(weatherOptions(7));
		expect(new Set(texts).size).toBeGreaterThan(40);
		for (let seed = 0; seed < 50; seed++) settle({ postgres, ...weatherOptions(seed) });
	});

	it.each(['', 'fair', '-1', '1.5', 'x'])('is neither foul nor a number: %s', (text) => {
		expect(() => readWeather(text)).toThrow('--weather must be foul or a whole number');
	});

	it('is read from the command line', () => {
		expect([readWeather('foul'), readWeather('12')]).toStrictEqual(['foul', 12]);
	});
});
