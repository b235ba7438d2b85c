/* SPDX-License-Identifier: ISC */
/* Metrics of what people have to do, and of how old their word is: a figure per function, a sample per target. */
#include "control/metrics.h"

#include "base/str.h"

static bool
is_configured(const struct au_metric_page *page, const char *target)
{
	for (size_t i = 0; i < page->overview->target_count; i++)
		if (au_streq(page->overview->targets[i].name, target))
			return true;
	return false;
}

static void
put_counts(const struct au_metric_page *page, const char *metric, const char *label,
    bool (*value)(const struct au_work_count *count, long long *ret))
{
	for (size_t i = 0; i < page->overview->work_count; i++) {
		const struct au_work_count *count = &page->overview->works[i];
		long long number = 0;
		if (is_configured(page, count->target) && value(count, &number))
			au_metric_labelled(
			    page, metric, "target", count->target, label, au_work_state_name(count->state), number);
	}
}

static bool
is_missed(const struct au_work_count *count)
{
	return count->state == AU_WORK_FAILED || count->state == AU_WORK_EXPIRED;
}

static bool
orders(const struct au_work_count *count, long long *ret)
{
	*ret = count->count;
	return !is_missed(count);
}

static bool
overdue(const struct au_work_count *count, long long *ret)
{
	*ret = count->overdue;
	return au_work_is_open(count->state);
}

static bool
missed(const struct au_work_count *count, long long *ret)
{
	*ret = count->count;
	return is_missed(count);
}

void
au_metric_work_orders(const struct au_metric_page *page, const char *metric)
{
	put_counts(page, metric, "state", orders);
}

void
au_metric_work_overdue(const struct au_metric_page *page, const char *metric)
{
	put_counts(page, metric, "state", overdue);
}

void
au_metric_work_missed(const struct au_metric_page *page, const char *metric)
{
	put_counts(page, metric, "became", missed);
}

void
au_metric_work_oldest(const struct au_metric_page *page, const char *metric)
{
	const struct au_overview *overview = page->overview;

	for (size_t i = 0; i < overview->target_count; i++) {
		long long oldest_ms = page->now_ms;
		for (size_t k = 0; k < overview->work_count; k++)
			if (au_streq(overview->works[k].target, overview->targets[i].name) &&
			    au_work_is_open(overview->works[k].state) && overview->works[k].oldest_ms < oldest_ms)
				oldest_ms = overview->works[k].oldest_ms;
		au_metric_labelled(
		    page, metric, "target", overview->targets[i].name, NULL, NULL, (page->now_ms - oldest_ms) / 1000);
	}
}

/* ---- words ---- */

void
au_metric_attested_age(const struct au_metric_page *page, const char *metric)
{
	const json_t *item;
	size_t index;

	json_array_foreach (page->overview->attested, index, item)
		au_metric_labelled(page, metric, "target", au_json_get_str(item, "target"), NULL, NULL,
		    (page->now_ms - au_json_get_int(item, "oldest_ms")) / 1000);
}

void
au_metric_attested(const struct au_metric_page *page, const char *metric)
{
	const json_t *item;
	size_t index;

	json_array_foreach (page->overview->attested, index, item) {
		const char *target = au_json_get_str(item, "target");
		long long stale = au_json_get_int(item, "stale"), soon = au_json_get_int(item, "soon");
		au_metric_labelled(
		    page, metric, "target", target, "is", "fresh", au_json_get_int(item, "accounts") - stale - soon);
		au_metric_labelled(page, metric, "target", target, "is", "soon", soon);
		au_metric_labelled(page, metric, "target", target, "is", "stale", stale);
	}
}

/* ---- what a ticket system has yet to be told ---- */

void
au_metric_webhook(const struct au_metric_page *page, const char *metric)
{
	const struct au_delivery_counts *counts = &page->overview->deliveries;

	au_metric_labelled(page, metric, "is", "waiting", NULL, NULL, counts->waiting);
	au_metric_labelled(page, metric, "is", "given-up", NULL, NULL, counts->given_up);
	au_metric_labelled(page, metric, "is", "lost", NULL, NULL, counts->lost);
}

void
au_metric_webhook_oldest(const struct au_metric_page *page, const char *metric)
{
	long long oldest_ms = page->overview->deliveries.oldest_ms;

	au_metric_sample(page, metric, oldest_ms > 0 ? (page->now_ms - oldest_ms) / 1000 : 0);
}
