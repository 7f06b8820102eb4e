import { AdobeDouble } from '../hostile/adobeDouble.mts';
import { outcomeOf } from '../hostile/outcome.mts';

describe('Preview Rows', () => {
	it('gives numbers that JavaScript can not hold as texts, with all their digits', async () => {
		const double = await AdobeDouble.open();
		try {
			double.answer = () => ({
				status: 200,
				headers: { 'content-type': 'application/json' },
				body: '{"format":"flat","schema":{"columns":[]},"data":[{"id":1533947986218845197,"small":7,"rate":1.5,"exact":12345678901234567.89,"text":"1533947986218845197 is 1"}]}',
			});
			const outcome = await outcomeOf(
				double,
				{
					resource: 'table',
					operation: 'preview',
					connectionId: '2c15b1c5-73bf-47ab-9098-0467fcd854d9',
					table: 'public.orders',
				},
				{},
			);
			expect(outcome).toMatchObject({
				items: [
					{
						json: {
							id: '1533947986218845197',
							small: 7,
							rate: 1.5,
							exact: '12345678901234567.89',
							text: '1533947986218845197 is 1',
						},
					},
				],
			});
		} finally {
			await double.close();
		}
	});
});
