/* SPDX-License-Identifier: ISC */
/* The metrics page: what a row's function gets, and how it puts samples. */
#ifndef CONTROL_METRICS_H
#define CONTROL_METRICS_H

#include "control/overview.h"

struct au_metric_page {
	const struct au_overview *overview;
	const struct au_control_world *world;
	long long now_ms;
	struct au_store_stats store;
	struct au_scim_stats scim;
	struct au_str *out;
};

struct au_metric {
	const char *name, *type, *help;
	void (*put)(const struct au_metric_page *page, const char *metric);
};

/* metrics_scim.c: of the SCIM endpoint; ends with a NULL name */
extern const struct au_metric au_metrics_scim[];

void au_metric_sample(const struct au_metric_page *page, const char *metric, long long value);
/* With one label, or with two: label2 is NULL or the second one's name. */
void au_metric_labelled(const struct au_metric_page *page, const char *metric, const char *label, const char *value,
    const char *label2, const char *value2, long long number);

/* metrics_pool.c: one sample per pool of a target; of limits and what is free only where there is a limit. */
void au_metric_pool_limit(const struct au_metric_page *page, const char *metric);
void au_metric_pool_used(const struct au_metric_page *page, const char *metric);
void au_metric_pool_reserved(const struct au_metric_page *page, const char *metric);
void au_metric_pool_free(const struct au_metric_page *page, const char *metric);
void au_metric_pool_low(const struct au_metric_page *page, const char *metric);
void au_metric_pool_waiting(const struct au_metric_page *page, const char *metric);

/* metrics_work.c: of people's work orders and words, a sample per target. */
void au_metric_work_orders(const struct au_metric_page *page, const char *metric);
void au_metric_work_overdue(const struct au_metric_page *page, const char *metric);
void au_metric_work_oldest(const struct au_metric_page *page, const char *metric);
void au_metric_work_missed(const struct au_metric_page *page, const char *metric);
void au_metric_attested_age(const struct au_metric_page *page, const char *metric);
void au_metric_webhook(const struct au_metric_page *page, const char *metric);
void au_metric_webhook_oldest(const struct au_metric_page *page, const char *metric);
void au_metric_attested(const struct au_metric_page *page, const char *metric);

#endif
