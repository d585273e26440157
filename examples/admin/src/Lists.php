<?php

declare(strict_types=1);

namespace Ybb\Admin;

use Ybb\Export\Auth\Identity;

/**
 * The three lists, and the rows that meet their filters. A filter has the name that it has in a request for an
 * export, so that a list's filters go over into the form as they are.
 *
 * @phpstan-type Filter array{label: string, sql: string, choices?: array<string, string>, type?: string, key?: string}
 * @phpstan-type Listing array{title: string, from: string, columns: array<string, string>, filters: array<string, Filter>}
 */
final readonly class Lists
{
    public const PAGE = 25;

    private const STATUSES = ['0' => 'Created', '1' => 'Pending', '2' => 'Success', '3' => 'Cancelled', '4' => 'Rejected'];

    /** Filters' names are paths: "date_range.start" is filters[date_range][start]. */
    private const ALL = [
        'participants' => [
            'title' => 'Participants',
            'from' => 'participants t LEFT JOIN users u ON u.id = t.user_id'
                . ' LEFT JOIN participant_statuses s ON s.id = (SELECT MAX(x.id) FROM participant_statuses x WHERE x.participant_id = t.id)',
            'columns' => ['Name' => 't.full_name', 'Email' => 'u.email', 'Country' => 't.nationality', 'Category' => 't.category', 'Registered' => 't.created_at'],
            'filters' => [
                'category' => ['label' => 'Category', 'sql' => 't.category = ?', 'choices' => ['fully_funded' => 'Fully funded', 'self_funded' => 'Self funded']],
                'form_status' => ['label' => 'Form', 'sql' => 's.form_status = ?', 'choices' => ['0' => 'Not started', '1' => 'On progress', '2' => 'Submitted']],
                'date_range.start' => ['label' => 'Registered from', 'sql' => 't.created_at >= ?', 'type' => 'date'],
                'date_range.end' => ['label' => 'Registered to', 'sql' => "t.created_at < DATE(?, '+1 day')", 'type' => 'date'],
            ],
        ],
        'payments' => [
            'title' => 'Payments',
            'from' => 'payments p JOIN participants t ON t.id = p.participant_id',
            'columns' => ['Participant' => 't.full_name', 'Amount' => 'p.amount', 'Currency' => 'p.currency', 'Status' => 'p.status', 'Paid' => 'p.payment_date'],
            'filters' => [
                'status' => ['label' => 'Status', 'sql' => 'p.status = ?', 'choices' => self::STATUSES],
                'currency' => ['label' => 'Currency', 'sql' => 'p.currency = ?', 'choices' => ['IDR' => 'IDR', 'USD' => 'USD']],
                'amount_range.min' => ['label' => 'Amount, at least', 'sql' => 'p.amount >= CAST(? AS DECIMAL)', 'type' => 'number'],
                'date_range.start' => ['label' => 'Paid from', 'sql' => 'p.payment_date >= ?', 'type' => 'date'],
                'date_range.end' => ['label' => 'Paid to', 'sql' => "p.payment_date < DATE(?, '+1 day')", 'type' => 'date'],
            ],
            'key' => 'p.id',
            'live' => 'p.is_deleted = 0 AND t.is_deleted = 0',
        ],
        'ambassadors' => [
            'title' => 'Ambassadors',
            'from' => 'ambassadors t',
            'columns' => ['Name' => 't.name', 'Email' => 't.email', 'Code' => 't.ref_code', 'Institution' => 't.institution', 'Registered' => 't.created_at'],
            'filters' => [
                'status' => ['label' => 'Status', 'sql' => 't.is_active = ?', 'choices' => ['1' => 'Active', '0' => 'Inactive']],
                'date_range.start' => ['label' => 'Registered from', 'sql' => 't.created_at >= ?', 'type' => 'date'],
                'date_range.end' => ['label' => 'Registered to', 'sql' => "t.created_at < DATE(?, '+1 day')", 'type' => 'date'],
            ],
        ],
    ];

    /** @param string $dsn of PDO; a list alone connects */
    public function __construct(private string $dsn) {}

    public static function has(string $name): bool
    {
        return isset(self::ALL[$name]);
    }

    public static function title(string $name): string
    {
        return self::ALL[$name]['title'];
    }

    /** @return list<string> */
    public static function columns(string $name): array
    {
        return array_keys(self::ALL[$name]['columns']);
    }

    /** @return array<string, array{label: string, choices?: array<array-key, string>, type?: string}> by path */
    public static function filters(string $name): array
    {
        return self::ALL[$name]['filters'];
    }

    /**
     * @param array<string, string> $given values of filters, by path
     * @return array{int, list<list<string>>} how many rows there are, and those of a page, the newest first
     */
    public function rows(string $name, Identity $user, array $given, int $page): array
    {
        [$where, $values] = self::where($name, $user, $given);
        $from = ' FROM ' . self::ALL[$name]['from'] . " WHERE $where";
        // read only, or SQLite would make a database where there is none
        $db = new \PDO($this->dsn, null, null, [\PDO::SQLITE_ATTR_OPEN_FLAGS => \PDO::SQLITE_OPEN_READONLY]);
        $count = self::ask($db, 'SELECT COUNT(*)' . $from, $values)->fetchColumn();
        $rows = self::ask(
            $db,
            'SELECT ' . implode(', ', self::ALL[$name]['columns']) . $from . ' ORDER BY '
                . (self::ALL[$name]['key'] ?? 't.id') . ' DESC LIMIT ' . self::PAGE . ' OFFSET ' . self::PAGE * ($page - 1),
            $values,
        )->fetchAll(\PDO::FETCH_NUM);
        $text = static fn(mixed $value): string => is_scalar($value) ? (string) $value : '';
        return [
            is_numeric($count) ? (int) $count : 0,
            array_values(array_map(static fn(mixed $row): array => array_map($text, is_array($row) ? array_values($row) : []), $rows)),
        ];
    }

    /**
     * @param array<string, string> $given
     * @return array{string, list<int|string>}
     */
    private static function where(string $name, Identity $user, array $given): array
    {
        $conditions = [self::ALL[$name]['live'] ?? 't.is_deleted = 0'];
        $values = [];
        if ($user->programs !== null) {
            $conditions[] = 't.program_id IN (' . implode(', ', array_fill(0, count($user->programs), '?')) . ')';
            $values = $user->programs;
        }
        foreach (self::ALL[$name]['filters'] as $path => $filter) {
            if (($given[$path] ?? '') !== '') {
                $conditions[] = $filter['sql'];
                $values[] = $given[$path];
            }
        }
        return [implode(' AND ', $conditions), $values];
    }

    /** @param list<int|string> $values */
    private static function ask(\PDO $db, string $sql, array $values): \PDOStatement
    {
        $statement = $db->prepare($sql);
        $statement->execute($values);
        return $statement;
    }
}
