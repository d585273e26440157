<?php
/* The controller around the samples of the specification: what they expect beside CodeIgniter, and routes to them. The
 * test puts the samples of spec_samples.php in. */

namespace App\Controllers;

class ExportJob
{
    public function __construct(public array $data) {}
}

class Queue
{
    public array $jobs = [];
    public function push(object $job): void { $this->jobs[] = $job; }
}

class Samples extends BaseController
{
    use CallsExportService;

    private Queue $queue;

    public function __construct() { $this->queue = new Queue; }

    public function sample(string $name, ?string $id = null): mixed
    {
        $returned = match ($name) {
            'smallExport' => $this->smallExport(1, ['limit' => 30]),
            'largeExport' => $this->largeExport(1, ['form_status' => 'all']),
            'queueLargeExport' => $this->queueLargeExport(['export_type' => 'participants', 'program_id' => 1]),
            'queueSmallExport' => $this->queueLargeExport(
                ['export_type' => 'participants', 'program_id' => 1, 'filters' => ['limit' => 3]]),
            'ask' => $this->callPythonExportService(['export_type' => 'participants', 'program_id' => 1]),
            'pending' => ['pending_export_id' => session('pending_export_id'), 'message' => session('message')],
            'checkExportProgress', 'downloadExportFiles', 'handleExportError' => $this->$name($id),
        };
        return is_array($returned) ? $this->response->setJSON($returned) : $returned;
    }

    private function getOriginalFilters(string $exportId): array { return ['category' => 'all']; }
    private function processExport(array $exportData): array { return $this->callPythonExportService($exportData); }

    /* --- the samples --- */
}
