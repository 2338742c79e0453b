// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Which release a profile's author knew, judged by the names in the profile.
 *
 * A name may be ahead of its time, by a typing error or by a back-port, so none
 * decides alone. Releases are what votes: one votes if the profile has any of the calls
 * that came with it. An author who knows a release has hardly skipped many before it;
 * whoever names fchmodat2 and nothing of the eleven releases before it did not know them.
 */
#include "private.h"

/*
 * With so many names in all, one release may be skipped for each that votes. Profiles
 * that were meant to be whole have 300 to 450 names, so there it is three or four.
 */
#define NAMES_FOR_A_SKIP	1300
/* So far behind it the newest vote is believed alone, */
#define MARGIN			4
/* and only if no more than these were skipped before it. */
#define MARGIN_SKIPS		2
/*
 * Of its day when Docker wrote the first profile, of which there are still copies: no name
 * of it or before has ever been ahead of its time.
 */
#define BEGINNING		KSC_RELEASE(4, 3)

/* @n releases before @release. */
static unsigned int back(unsigned int release, unsigned int n)
{
	/* The last of each series, which started with .0; before it was 2.6 for long. */
	static const unsigned int last[] = { [3] = 19, [4] = 20, [5] = 19, [6] = 19 };
	unsigned int major = release >> 16, minor = release & 0xffff;

	for (; n; n--) {
		if (minor) {
			minor--;
			continue;
		}
		if (--major < 3 || major >= ARRAY_SIZE(last))
			return KSC_RELEASE(2, 6);
		minor = last[major];
	}
	return KSC_RELEASE(major, minor);
}

/**
 * ksc_infer_baseline() - the release that these names tell of
 * @names: what the profile has, in rules that apply or not
 *
 * It is that of the newest vote but one, or a little behind the newest, of those that
 * are no further from the others than a profile of this size skips anyway; or the newest
 * where that cannot have been ahead of its time.
 *
 * Return: KSC_RELEASE(); KSC_RELEASE_NONE without any name.
 */
unsigned int ksc_infer_baseline(const struct ksc_names *names)
{
	unsigned int newest = KSC_RELEASE_NONE, second = KSC_RELEASE_NONE, last = KSC_RELEASE_NONE;
	unsigned int allowed, pending = 0, skipped = 0, gap = 0, gap_before_newest = 0;
	const struct ksc_release_info *r;
	size_t i;

	if (!names->count)
		return KSC_RELEASE_NONE;
	allowed = NAMES_FOR_A_SKIP / names->count;
	for (i = 0; i < ksc_nr_releases; i++) {
		r = &ksc_releases[i];
		if (!ksc_bit(names->releases, (uint32_t)i)) {
			skipped += r->common;
			gap += r->common;
			continue;
		}
		pending++;
		if (newest == KSC_RELEASE_NONE || skipped <= allowed * pending) {
			second = last;
			newest = r->release;
			gap_before_newest = gap;
			pending = skipped = 0;
		}
		last = r->release;
		gap = 0;
	}
	if (second == KSC_RELEASE_NONE)
		return newest;
	if (gap_before_newest > MARGIN_SKIPS || gap_before_newest > allowed / 2)
		return second;
	if (newest <= BEGINNING)
		return newest;
	newest = back(newest, MARGIN);
	return newest > second ? newest : second;
}
