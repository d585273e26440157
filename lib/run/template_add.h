/*
 * run/template_add: a template of an installation's own, made at run time.
 */
#ifndef YBB_RUN_TEMPLATE_ADD_H
#define YBB_RUN_TEMPLATE_ADD_H

#include "base/error.h"

/* Holds a document of one template against the catalog of @folder and writes it there, as
 * "<type>_<template>.template.json", in place of an earlier one of that name. The file is whole or
 * absent whatever happens, and durable on success. Adders wait for one another, in all processes.
 * Any thread. YBB_INVALID_CATALOG, YBB_OUTPUT_MISSING to YBB_OUTPUT_ERROR, YBB_NO_MEMORY. */
ybb_status ybb__template_add(const char *folder, const char *json, size_t length, ybb_error *error);

#endif
