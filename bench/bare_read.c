/*
 * bare_read standard|detailed [statements]: reads the rows of a participants export and throws them
 * away: the least that any export of them costs. Or prints the statements, a line each, for
 * programs in other languages; the first sets the connection up.
 */
#include "source.h"

#include <stdio.h>
#include <string.h>

/* Their lengths are summed, so that every cell has been looked at. */
static unsigned long long read_all(MYSQL *mysql, const char *sql, unsigned long long *bytes)
{
    unsigned long long rows = 0;
    MYSQL_RES *result = source_query(mysql, sql);
    unsigned columns = mysql_num_fields(result);
    while (source_next(mysql, result) != NULL) {
        const unsigned long *lengths = mysql_fetch_lengths(result);
        for (unsigned i = 0; i < columns; i++)
            *bytes += lengths[i];
        rows++;
    }
    mysql_free_result(result);
    return rows;
}

static int print_statements(bool detailed)
{
    puts(source_set_up);
    puts(detailed ? source_detailed : source_standard);
    if (detailed)
        printf("%s\n%s\n", source_essays, source_payments);
    return 0;
}

int main(int argc, char **argv)
{
    bool detailed = wants_detailed(argc >= 2 ? argv[1] : NULL);
    if (argc == 3 && strcmp(argv[2], "statements") == 0)
        return print_statements(detailed);
    unsigned long long bytes = 0, rows, related = 0;
    MYSQL *mysql = source_connect();
    rows = read_all(mysql, detailed ? source_detailed : source_standard, &bytes);
    if (detailed) {
        related += read_all(mysql, source_essays, &bytes);
        related += read_all(mysql, source_payments, &bytes);
    }
    mysql_close(mysql);
    printf("{\"rows\": %llu, \"related\": %llu, \"bytes\": %llu}\n", rows, related, bytes);
    return 0;
}
